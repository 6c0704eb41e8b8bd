// What people write: JSON5, a configuration with rules and a request that it routes, an edit of it
// by a command, a preset's manifest. The first byte chooses one, the second is a knob, the rest is
// the text.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "config/edit_json5.h"
#include "config/json5.h"
#include "config/key_path.h"
#include "config/loader.h"
#include "manifest/question.h"
#include "manifest/sanitize.h"
#include "manifest/settings.h"
#include "route/route.h"
#include "wire/codec.h"

namespace {

using namespace ccr;

[[noreturn]] void broken(std::string_view what, std::string_view shown) {
    fmt::print(stderr, "violated: {}\n{}\n", what, shown);
    std::abort();
}

void require(bool holds, std::string_view what, std::string_view shown) {
    if (!holds) broken(what, shown);
}

std::optional<std::string> variable(std::string_view name) {
    if (name.size() % 2 == 0) return std::nullopt;
    return "value of " + std::string(name);
}

// --- a request on its way by any configuration ---

// A turn as clients send it, with what rules ask about.
constexpr std::string_view kRequest =
    R"({"model":"claude-sonnet-4-5","max_tokens":64,"thinking":{"type":"enabled","budget_tokens":2048},)"
    R"("system":"You help.","tools":[{"name":"Bash","input_schema":{"type":"object"}}],)"
    R"("messages":[{"role":"user","content":"ultrathink about it"}]})";

// Rules ask about it: the same text must always come to the same.
route::WallClock time_of(std::uint8_t knob) {
    constexpr int kDays = 7, kMinutes = 24 * 60, kStep = 97;
    return {knob % kDays, knob * kStep % kMinutes};
}

void run_route(std::uint8_t knob, std::string_view text) {
    const auto config = config::parse_config(text, "config.json", variable);
    if (!config) return;
    static const std::string body(kRequest);
    json::Document document;
    const auto root = document.parse(body);
    if (!root) std::abort();
    const auto decoded = wire::codec_of(Protocol::anthropic)->decode_request(*root, {});
    if (!decoded) std::abort();
    const chat::Conversation& conversation = *decoded;
    net::Headers headers;
    headers.add("user-agent", "claude-cli/2.0 (external, cli)");
    if (knob & 1u) headers.add("x-ccr-model", "p,m");
    route::Facts facts = route::gather(conversation, Protocol::anthropic, headers, config->routing);
    facts.input_tokens = std::int64_t{1} << (knob % 24);
    facts.has_images = (knob & 2u) != 0;
    facts.web_search = (knob & 4u) != 0;
    facts.is_subagent = (knob & 8u) != 0;
    facts.now = time_of(knob);
    const auto decided = [&](route::Telling telling) {
        return route::decide(facts, *config, telling);
    };
    const route::Decision decision = decided(route::Telling::fully);
    const route::Decision brief = decided(route::Telling::briefly);
    require(brief.rule == decision.rule && brief.attempts.size() == decision.attempts.size() &&
                brief.considered.size() <= decision.considered.size() + 1,
            "how much is told decides nothing", text);
    require(decision.refusal.has_value() == decision.attempts.empty(),
            "somebody is asked, or it is refused", text);
    require(!decision.refusal || !decision.refusal->message.empty(), "a refusal says why", text);
    for (const route::Attempt& attempt : decision.attempts)
        require(attempt.provider && !attempt.model.empty(), "an attempt has a target", text);
}

// --- edits ---

constexpr std::string_view kPaths[] = {"a",     "Router.default",   "Providers[0].models[1]",
                                       "a.b.c", "Providers.p.name", "x[0]"};

void run_edit(std::uint8_t knob, std::string_view text) {
    const auto before = config::parse_json5(text, "c.json");
    const auto path = *config::parse_key_path(kPaths[knob % std::size(kPaths)]);
    const auto edited = config::set_value(std::string(text), "c.json", path, R"("e\"dited")");
    const bool is_blank = text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
    require(before || is_blank || !edited, "what cannot be read is not edited", text);
    if (!edited) return;
    const auto after = config::parse_json5(*edited, "c.json");
    require(after.has_value(), "what was edited can be read", *edited);
    const config::Node root = config::Node::root_of(*after);
    const config::Node node = config::node_at(root, config::spelled_in(root, path));
    require(node.text() == "e\"dited", "it has the value", *edited);
    const auto again = config::set_value(*edited, "c.json", path, R"("e\"dited")");
    require(again && *again == *edited, "the same edit again changes nothing", *edited);
    const auto taken = config::unset_value(*edited, "c.json", path);
    if (!taken) return;
    require(config::parse_json5(*taken, "c.json").has_value(), "what is left can be read", *taken);
}

// --- manifests ---

void run_manifest(std::string_view text) {
    const auto manifest = manifest::parse_manifest(text, "/presets/p");
    if (!manifest) {
        require(!manifest.error().message.empty(), "a refusal says why", text);
        return;
    }
    const manifest::Json answers = manifest::completed_answers(*manifest);
    for (const manifest::Question& question : manifest::questions_of(*manifest)) {
        const auto choices = manifest::choices_of(question, *manifest, answers);
        if (!question.validator.empty())
            continue;  // the author's expression may be as slow as it likes
        (void)manifest::check_answer(question, "an answer", choices);
        (void)manifest::answer_of_text(question, "1,2");
    }
    (void)manifest::settings_of(*manifest);
    const auto configuration = manifest::configuration_of(*manifest);
    if (configuration && configuration->root) (void)manifest::sanitized(*configuration->root);
}

void run_json5(std::string_view text) {
    const auto document = config::parse_json5(text, "c.json");
    if (!document) return;
    // What it comes to is JSON, and so JSON5 of the same value.
    const std::string plain =
        document->root->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    const auto again = config::parse_json5(plain, "c.json");
    require(again && *again->root == *document->root, "its JSON is the same value", plain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    switch (data[0] % 4) {
        case 0:
            run_route(data[1], text);
            break;
        case 1:
            run_edit(data[1], text);
            break;
        case 2:
            run_manifest(text);
            break;
        default:
            run_json5(text);
    }
    return 0;
}
