// Shapes: platform.claude.com/docs, "Create a Message". What goes together with thinking:
// .../build-with-claude/extended-thinking, "Feature compatibility"; effort: .../effort.
#include "wire/anthropic/options_encode.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/anthropic/losses.h"
#include "wire/anthropic/schema_rules.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Conversation;
using chat::Effort;
using chat::Thinking;
using json::Writer;
using Mode = Thinking::Mode;

// Messages requires the field; the client's own default.
constexpr std::int64_t kDefaultMaxTokens = 32'000;
constexpr std::int64_t kLeastBudget = 1024;
constexpr double kLeastTopPBesideThinking = 0.95;

struct Options {
    std::optional<Thinking> thinking;
    std::optional<Effort> effort;
    chat::Sampling sampling;
};

bool thinks(const Options& options) {
    return options.thinking && options.thinking->mode != Mode::off;
}

// OpenAI's scale is about reasoning alone: to ask for it is to ask for thinking.
void fit_effort(Options& o, chat::Losses& losses) {
    if (!o.effort) return;
    if (*o.effort == Effort::none) {
        o.thinking = Thinking{.mode = Mode::off, .budget_tokens = 0, .display = {}};
        o.effort.reset();
        return;
    }
    if (!o.thinking) o.thinking.emplace();
    if (*o.effort != Effort::minimal) return;
    note(losses, "effort", "minimal", Lost::least_effort);
    o.effort = Effort::low;
}

void fit_budget(Options& o, chat::Losses& losses) {
    if (!o.thinking || o.thinking->mode != Mode::budget) return;
    const std::int64_t most = o.sampling.max_tokens.value_or(kDefaultMaxTokens) - 1;
    std::int64_t& budget = o.thinking->budget_tokens;
    if (budget >= kLeastBudget && budget <= most) return;
    note(losses, "thinking", fmt::format("a budget of {}", budget), Lost::budget);
    if (most < kLeastBudget)
        o.thinking.reset();
    else
        budget = std::clamp(budget, kLeastBudget, most);
}

void fit_sampling(Options& o, chat::Losses& losses) {
    chat::Sampling& s = o.sampling;
    const auto drop = [&](std::string_view name, auto& value) {
        note(losses, std::string(name), fmt::format("{}", *value), Lost::sampling);
        value.reset();
    };
    if (thinks(o)) {
        if (s.temperature && *s.temperature != 1.0) drop("temperature", s.temperature);
        if (s.top_p && *s.top_p < kLeastTopPBesideThinking) drop("top_p", s.top_p);
        if (s.top_k) drop("top_k", s.top_k);
    }
    if (!s.temperature || *s.temperature <= 1.0) return;
    note(losses, "temperature", fmt::format("{}", *s.temperature), Lost::high_temperature);
    s.temperature = 1.0;
}

Options foreign_options(const Conversation& c, chat::Losses& losses) {
    Options out{c.thinking, c.effort, c.sampling};
    fit_effort(out, losses);
    fit_budget(out, losses);
    const bool forced = c.tool_choice && (c.tool_choice->mode == chat::ToolMode::required ||
                                          c.tool_choice->mode == chat::ToolMode::named);
    if (forced && thinks(out)) {
        note(losses, "tool_choice", Lost::thinking_beside_choice);
        out.thinking.reset();
    }
    fit_sampling(out, losses);
    return out;
}

std::string_view choice_name(chat::ToolMode mode) {
    switch (mode) {
        case chat::ToolMode::automatic:
            return "auto";
        case chat::ToolMode::required:
            return "any";
        case chat::ToolMode::none:
            return "none";
        case chat::ToolMode::named:
            return "tool";
    }
    return "auto";
}

void encode_tool_choice(Writer& w, const chat::ToolChoice& choice) {
    w.key("tool_choice").open_object().member("type", choice_name(choice.mode));
    if (choice.mode == chat::ToolMode::named) w.member("name", choice.name);
    if (choice.parallel) w.key("disable_parallel_tool_use").boolean(!*choice.parallel);
    w.close_object();
}

void encode_thinking(Writer& w, const Thinking& thinking) {
    w.key("thinking").open_object();
    switch (thinking.mode) {
        case Mode::off:
            w.member("type", "disabled");
            break;
        case Mode::adaptive:
            w.member("type", "adaptive");
            break;
        case Mode::budget:
            w.member("type", "enabled").member("budget_tokens", thinking.budget_tokens);
            break;
    }
    if (!thinking.display.empty()) w.member("display", thinking.display);
    w.close_object();
}

void encode_sampling(Writer& w, const chat::Sampling& sampling) {
    w.member("max_tokens", sampling.max_tokens.value_or(kDefaultMaxTokens));
    if (sampling.temperature) w.key("temperature").number(*sampling.temperature);
    if (sampling.top_p) w.key("top_p").number(*sampling.top_p);
    if (sampling.top_k) w.member("top_k", *sampling.top_k);
    if (sampling.stop.empty()) return;
    w.key("stop_sequences").open_array();
    for (const json::Text stop : sampling.stop) w.text(stop);
    w.close_array();
}

void encode_output_config(Writer& w, const Conversation& c, std::optional<Effort> effort,
                          chat::Losses& losses) {
    std::string schema;
    if (c.format && !c.format->schema.empty())
        schema = chat::schema_subset(c.format->schema, kAnswerRules, chat::SchemaUse::value,
                                     "response_format", losses);
    else if (c.format)
        note(losses, "response_format", Lost::json_mode);
    if (!effort && schema.empty()) return;
    w.key("output_config").open_object();
    if (effort) w.member("effort", chat::name_of(*effort));
    if (!schema.empty()) {
        w.key("format").open_object().member("type", "json_schema");
        w.member_raw("schema", schema).close_object();
    }
    w.close_object();
}

}  // namespace

void encode_options(Writer& w, const Conversation& c, chat::Losses& losses) {
    // From Messages itself, output_config and metadata travel whole among the extras.
    const bool own = c.extras.from == Protocol::anthropic;
    const Options options =
        own ? Options{c.thinking, c.effort, c.sampling} : foreign_options(c, losses);
    if (c.tool_choice) encode_tool_choice(w, *c.tool_choice);
    if (options.thinking) encode_thinking(w, *options.thinking);
    encode_sampling(w, options.sampling);
    if (own) return;
    if (!c.user_id.empty())
        w.key("metadata").open_object().member("user_id", c.user_id).close_object();
    if (!c.verbosity.empty()) note(losses, "verbosity", c.verbosity.decode(), Lost::verbosity);
    encode_output_config(w, c, options.effort, losses);
}

}  // namespace ccr::wire::anthropic
