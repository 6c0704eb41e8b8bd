#include "gateway/explain.h"

#include <fmt/format.h>

#include "adapt/plan.h"
#include "cloud/claude_request.h"
#include "config/text_file.h"
#include "gateway/authorization.h"
#include "gateway/counting.h"
#include "gateway/facts.h"
#include "gateway/homes.h"
#include "gateway/session.h"
#include "gateway/target_wire.h"
#include "gateway/upstream_call.h"
#include "gateway/window_fit.h"
#include "tokens/choose.h"

namespace ccr::gateway {
namespace {

/// A request that has been read.
struct Read {
    net::RequestHead head;
    Address address;
    std::string body;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
    json::Patches edits;  // by the user's rules
};

std::string shown(json::View value) {
    constexpr std::size_t kLongest = 60;
    const std::string_view raw = value.raw();
    return raw.size() <= kLongest ? std::string(raw) : fmt::format("{} bytes", raw.size());
}

// What happened to the members of the request on its way: the client's own on the verbatim lane,
// else those of the translation.
std::vector<std::string> edits_between(const std::string& before, const std::string& after) {
    std::vector<std::string> out;
    json::Document first, second;
    const auto was = first.parse(before);
    const auto is = second.parse(after);
    if (!was || !is) return out;
    for (const auto& [key, value] : was->members()) {
        const std::string name = key.text().decode();
        const json::View now = (*is)[name];
        if (!now)
            out.push_back(fmt::format("{}: removed", name));
        else if (now.raw() != value.raw())
            out.push_back(fmt::format("{}: {} becomes {}", name, shown(value), shown(now)));
    }
    for (const auto& [key, value] : is->members()) {
        const std::string name = key.text().decode();
        if (!(*was)[name]) out.push_back(fmt::format("{}: {} added", name, shown(value)));
    }
    return out;
}

wire::Encoded encode(const Read& read, const wire::Codec& codec, const wire::Target& target,
                     adapt::Plan& plan, bool verbatim) {
    if (verbatim) {
        wire::SplicedRequest spliced = codec.splice_request(read.root, target);
        return {std::move(spliced.body).take(), std::move(spliced.losses)};
    }
    if (!plan.needs_hub()) return codec.encode_request(read.conversation, target);
    return codec.encode_request(plan.request(read.conversation), target);
}

// As UpstreamCall makes it, but for what is remembered.
void draft(const Read& read, const route::Attempt& attempt, ExplainedTarget& out) {
    const config::Provider& provider = *attempt.provider;
    const wire::Codec& codec = codec_for(provider, attempt.model);
    const wire::Target target = target_for(provider, attempt.model, read.conversation.stream);
    const bool same = read.address.client == codec.protocol;
    adapt::Plan plan(provider, attempt.model, read.conversation, same);
    const bool scripted = !plugin::scripts_of(provider, attempt.model).empty();
    const bool verbatim = same && !plan.needs_hub() && !scripted;
    wire::Encoded request = encode(read, codec, target, plan, verbatim);
    const std::string before = verbatim ? read.body : request.body;
    out.body = json::apply_patches(plan.patched(std::move(request.body)), read.edits);
    out.losses = std::move(request.losses);
    out.losses.insert(out.losses.end(), plan.losses().begin(), plan.losses().end());
    json::SplicedText fitted = fit_window(attempt, codec.protocol, read.conversation,
                                          json::SplicedText(std::move(out.body)), out.losses);
    out.body = std::move(fitted).take();
    if (is_claude_on_a_platform(provider)) {
        std::vector<std::string> betas;
        if (verbatim) betas = cloud::betas_of(read.head.headers);
        out.body = cloud::claude_body(provider, std::move(out.body), betas, out.losses);
    }
    out.speaks = name_of(codec.protocol);
    out.lane = scripted ? "scripted" : verbatim ? "verbatim" : "translated";
    if (scripted)
        out.warnings.emplace_back(
            codec.protocol == Protocol::openai_chat
                ? "your own transformers are not run here; they would see this body"
                : "your own transformers are not run here; they would see this request as Chat has "
                  "it");
    const std::string url = codec.endpoint(target).url;
    out.url = url.substr(0, url.find('?'));  // Gemini's query may hold the key
    out.edits = edits_between(before, out.body);
    json::Document document;
    if (const auto root = document.parse(out.body))
        out.max_tokens = output_limit(codec.protocol, *root);
}

void count(const Read& read, const route::Facts& facts, const route::Attempt& attempt,
           ExplainedTarget& out) {
    const config::Traits traits = traits_of(*attempt.provider, attempt.model);
    const tokens::Choice choice = tokens::choose_counter(attempt.provider, attempt.model);
    out.tokens = choice.counter->count(read.conversation);
    out.counted_by = fmt::format("{}: {}", choice.counter->encoding_name(), choice.why);
    out.context_window = traits.context_window;
    if (traits.context_window && out.tokens > *traits.context_window)
        out.warnings.push_back(fmt::format("{} tokens do not fit its window of {}", out.tokens,
                                           *traits.context_window));
    if (traits.vision == false && (facts.has_images || facts.had_images))
        out.warnings.emplace_back("it sees no images");
    if (!traits.prices) return;
    out.input_cost = static_cast<double>(out.tokens) * traits.prices->input / 1e6;
    if (out.max_tokens)
        out.most_output_cost = static_cast<double>(*out.max_tokens) * traits.prices->output / 1e6;
}

ExplainedTarget explain_target(const Read& read, const route::Facts& facts,
                               const route::Attempt& attempt) {
    ExplainedTarget out;
    out.target = attempt.provider->name + "," + attempt.model;
    if (const auto can = usable(*attempt.provider); !can) {
        out.problem = can.error().message;
        return out;
    }
    draft(read, attempt, out);
    count(read, facts, attempt, out);
    return out;
}

void tell_facts(const route::Facts& facts, Explanation& out) {
    out.client = name_of(facts.client);
    out.agent = facts.agent;
    out.asked_model = facts.asked_model;
    out.session = facts.session;
    out.project = facts.project;
    out.router_file = facts.router_file;
    out.is_subagent = facts.is_subagent;
    out.tokens = facts.input_tokens;
    out.counted = facts.counted;
}

}  // namespace

Result<Explanation> explain(const net::RequestHead& head, std::string body,
                            config::ConfigPtr config, config::ProjectRoutings* projects,
                            const Recall& recall) {
    Explanation out;
    Read read{head, {}, std::move(body), {}, {}, {}, {}};
    TRY(read.address, address_of(head));
    const wire::Codec& client = *wire::codec_of(read.address.client);
    config::TextFile file("REWRITE_SYSTEM_PROMPT",
                          [&out](const std::string& message) { out.warnings.push_back(message); });
    const auto instructions = file.text(config->rewrite_system_prompt);
    const Question question{read.head.headers, read.body, read.document, read.root,
                            read.conversation};
    TRY(auto tag, decode(read.address, client, question, instructions.get()));
    const std::string session = session_of(head.headers, read.root);
    config::ProjectRouting found;
    if (projects) found = projects->of(session, config);
    if (found.config) config = found.config;
    route::Facts facts =
        facts_of(read.head.headers, read.conversation, client.protocol, std::move(tag), *config);
    facts.session = session;
    facts.project = found.project;
    if (found.config) facts.router_file = found.files.back();
    const std::string home =
        Homes::key_of(facts, head.headers.get("x-claude-code-agent-id").value_or(""));
    if (recall && !home.empty()) recall(home, config->routing.stickiness, facts);
    settle_length(facts, *config);
    if (!config->scripts.custom_router.empty())
        out.warnings.push_back(
            fmt::format("the custom router {} is asked by the service alone: what follows is what "
                        "holds where it chooses nothing",
                        config->scripts.custom_router));
    tell_facts(facts, out);
    out.asked_max_tokens = output_limit(client.protocol, read.root);
    out.decision = route::decide(facts, *config, route::Telling::fully);
    read.edits = out.decision.edits;
    for (const route::Attempt& attempt : out.decision.attempts)
        out.targets.push_back(explain_target(read, facts, attempt));
    out.config = std::move(config);
    return out;
}

}  // namespace ccr::gateway
