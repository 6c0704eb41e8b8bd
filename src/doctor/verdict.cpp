#include "doctor/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "doctor/reached.h"

namespace ccr::doctor {
namespace {

std::string target_of(const Checkup& checkup) {
    return checkup.provider + "," + checkup.model;
}

config::ModelRef ref_of(const Checkup& checkup) {
    return {checkup.provider, checkup.model, {}};
}

bool leads_to(const std::optional<config::ModelRef>& route, const Checkup& checkup) {
    return route && route->provider == checkup.provider && route->model == checkup.model;
}

// Clients' requests with tools, images and thoughts go there.
bool is_usual(const config::Routing& routing, const Checkup& checkup) {
    return leads_to(routing.fallback_default, checkup) || leads_to(routing.think, checkup) ||
           leads_to(routing.long_context, checkup);
}

Finding about(const Checkup& checkup, Severity severity, std::string check, std::string what,
              std::string remedy) {
    return {severity,           Area::models,    std::move(check),
            target_of(checkup), std::move(what), std::move(remedy)};
}

std::string cause_of(const Reply& reply) {
    if (reply.kind == kDefect) return std::string(kDefect);
    if (!reply.connected()) return reply.message.starts_with("TLS: ") ? "tls" : "unreachable";
    if (reply.timed_out()) return "no-answer";
    if (reply.is_overload()) return reply.status == 429 ? "rate-limited" : "overloaded";
    if (!reply.key_is_good() && reply.reached()) return "key-refused";
    if (reply.status == 404) return "unknown-model";
    if (reply.status == 402) return "no-credit";
    return reply.status >= 400 && reply.status < 500 ? "refused" : "no-answer";
}

void unanswered(const Checkup& checkup, const config::Provider& provider,
                const std::string& variable, Findings& out) {
    if (!checkup.is_asked) return;  // the one that was asked says it, or the configuration
    const std::string cause = cause_of(checkup.first);
    const Severity severity = checkup.first.is_overload() ? Severity::warning : Severity::failure;
    out.push_back(about(checkup, severity, cause, checkup.first.message,
                        remedy(checkup.first, provider, variable)));
}

std::string candidate(const Results& results) {
    const auto sees = std::ranges::find_if(
        results.checkups, [](const Checkup& other) { return other.images.works == true; });
    return sees == results.checkups.end() ? "PROVIDER,MODEL" : target_of(*sees);
}

// A lack keeps something from working only where the configuration leads requests.
Severity lack(const Checkup& checkup, const config::Routing& routing) {
    return is_reached(routing, ref_of(checkup)) ? Severity::failure : Severity::warning;
}

void streaming(const Checkup& checkup, const config::Routing& routing, Findings& out) {
    if (checkup.streaming.works == false)
        out.push_back(
            about(checkup, lack(checkup, routing), "streaming",
                  "its streams do not come to their end: " + checkup.streaming.why,
                  "Claude Code streams every answer: name another model with `ccr model "
                  "set`, or one that steps in as `fallback`; the provider has to mend it"));
    if (checkup.usage.works == false)
        out.push_back(about(
            checkup, Severity::warning, "no-usage", "it does not tell how many tokens it used",
            "cost and context are estimates then; say its traits.context_window, so "
            "that the client compacts in time, or switch usage on at the provider "
            "(stream_options)"));
}

void tools(const Checkup& checkup, const config::Routing& routing, Findings& out) {
    if (checkup.tools.works != false) return;
    out.push_back(about(checkup, lack(checkup, routing), "no-tools",
                        "it makes no tool calls: " + checkup.tools.why,
                        "name another model with `ccr model set`; for models that write calls as "
                        "text, `tooluse` or `enhancetool` in the provider's transformer.use, or "
                        "traits.text_tool_calls"));
}

void images(const Checkup& checkup, const Results& results, const config::Routing& routing,
            Findings& out) {
    const bool is_blind = checkup.images.works == false;
    if (leads_to(routing.image, checkup) && !checkup.images.works) {
        out.push_back(
            about(checkup, Severity::warning, "image-route-unclear",
                  "Router.image leads to it, and whether it sees images did not show: " +
                      checkup.images.why,
                  fmt::format("`ccr doctor {}` asks again; `ccr model set image {}` names another",
                              target_of(checkup), candidate(results))));
    } else if (leads_to(routing.image, checkup) && is_blind) {
        out.push_back(
            about(checkup, Severity::failure, "image-route-blind",
                  "Router.image leads to it, and it does not see images: " + checkup.images.why,
                  fmt::format("`ccr model set image {}` names one that does", candidate(results))));
    } else if (is_blind && !routing.image && is_usual(routing, checkup)) {
        out.push_back(
            about(checkup, Severity::warning, "no-images",
                  "it sees no images; it is told by a note that one stood there",
                  fmt::format("`ccr model set image {}` names one that does", candidate(results))));
    }
}

void thinking(const Checkup& checkup, const config::Routing& routing, Findings& out) {
    if (checkup.thinking.works != false || !leads_to(routing.think, checkup)) return;
    out.push_back(
        about(checkup, Severity::warning, "no-thinking",
              "Router.think leads to it, and it refuses to think: " + checkup.thinking.why,
              "`ccr model set think PROVIDER,MODEL` names one that does; or say how it is "
              "told to, as traits.thinking"));
}

// The cap itself it has not named: no card, nothing is lowered.
void refused_output(const Checkup& checkup, Findings& out) {
    if (checkup.refused_output && checkup.takes_output && !checkup.max_output)
        out.push_back(about(checkup, Severity::warning, "output-partly-refused",
                            fmt::format("it refused max_tokens {} and took {}",
                                        *checkup.refused_output, *checkup.takes_output),
                            "if its documents name a cap, say it as traits.max_output"));
}

void output(const Checkup& checkup, const config::Provider& provider,
            const config::Routing& routing, Findings& out) {
    refused_output(checkup, out);
    if (checkup.output.works == false)
        out.push_back(about(checkup, lack(checkup, routing), "output-refused",
                            "it refuses any usual length of an answer: " + checkup.output.why,
                            "say how long its answers may be as traits.max_output"));
    const auto known = config::traits_of(provider, checkup.model).max_output;
    if (!checkup.max_output || known == checkup.max_output) return;
    if (known && *known > *checkup.max_output)
        out.push_back(
            about(checkup, Severity::warning, "output-cap",
                  fmt::format(
                      "its answers may have {} tokens, not {} as the configuration, its preset or "
                      "the provider's list says",
                      *checkup.max_output, *known),
                  fmt::format("say traits.max_output: {}", *checkup.max_output)));
    else
        out.push_back(
            about(checkup, Severity::warning, "output-cap",
                  fmt::format("it refuses answers of more than {} tokens", *checkup.max_output),
                  fmt::format("ccr asks for no more from now on; traits.max_output: {} "
                              "says it for good",
                              *checkup.max_output)));
}

void trouble(const Checkup& checkup, Findings& out) {
    if (!checkup.trouble.empty())
        out.push_back(about(checkup, Severity::warning, "unclear",
                            "not all questions were answered: " + checkup.trouble,
                            fmt::format("`ccr doctor {}` asks again", target_of(checkup))));
}

std::string variable_of_key(const KeyVariable& variable_of, const std::string& key) {
    return variable_of && !key.empty() ? variable_of(key) : std::string();
}

void refused_key(const RefusedKey& refused, const config::Provider& provider,
                 const KeyVariable& variable_of, Findings& out) {
    const config::Provider& with_key = provider.by_key[refused.number - 1];
    out.push_back(
        {Severity::failure, Area::models, "key-refused",
         fmt::format("{}, key {}", refused.provider, refused.number), refused.reply.message,
         key_remedy(with_key, variable_of_key(variable_of, with_key.api_key), refused.number)});
}

}  // namespace

Findings findings_of(const Results& results, const config::Config& config,
                     const KeyVariable& variable_of) {
    Findings out;
    for (const RefusedKey& refused : results.refused_keys) {
        const config::Provider* const provider = config.find_provider(refused.provider);
        if (provider != nullptr && refused.number - 1 < provider->by_key.size())
            refused_key(refused, *provider, variable_of, out);
    }
    for (const Checkup& checkup : results.checkups) {
        const config::Provider* const provider = config.find_provider(checkup.provider);
        if (provider == nullptr) continue;
        if (!checkup.first.answered()) {
            unanswered(checkup, *provider, variable_of_key(variable_of, provider->api_key), out);
            continue;
        }
        const std::size_t before = out.size();
        streaming(checkup, config.routing, out);
        tools(checkup, config.routing, out);
        images(checkup, results, config.routing, out);
        thinking(checkup, config.routing, out);
        output(checkup, *provider, config.routing, out);
        trouble(checkup, out);
        if (out.size() == before)
            out.push_back(about(checkup, Severity::good, "answers", "nothing is missing", ""));
    }
    return out;
}

store::Card card_of(const Checkup& checkup, const config::Provider& provider, std::int64_t now_ms) {
    store::Card out;
    out.provider = checkup.provider;
    out.model = checkup.model;
    out.endpoint = store::endpoint_digest(provider);
    out.streaming = checkup.streaming.works;
    out.tools = checkup.tools.works;
    out.parallel_tools = checkup.parallel_tools.works;
    if (!checkup.images.is_by_config) out.images = checkup.images.works;
    out.thinking = checkup.thinking.works;
    out.usage = checkup.usage.works;
    out.takes_output = checkup.takes_output;
    out.max_output = checkup.max_output;
    out.checked_at = now_ms;
    return out;
}

}  // namespace ccr::doctor
