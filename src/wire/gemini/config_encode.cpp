// GenerationConfig and ThinkingConfig: ai.google.dev/api/generate-content.
#include "wire/gemini/config_encode.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/gemini/losses.h"
#include "wire/gemini/schema_rules.h"

namespace ccr::wire::gemini {
namespace {

using chat::Conversation;
using chat::Effort;
using json::Writer;
using Mode = chat::Thinking::Mode;

constexpr std::string_view kConfig = "generationConfig.";
constexpr std::size_t kMostStops = 5;  // docs: "stopSequences ... (up to 5)"

void sampling(Writer& w, const chat::Sampling& s, chat::Losses& losses) {
    if (s.max_tokens) w.member("maxOutputTokens", *s.max_tokens);
    if (s.temperature) w.key("temperature").number(*s.temperature);
    if (s.top_p) w.key("topP").number(*s.top_p);
    if (s.top_k) w.member("topK", *s.top_k);
    if (s.stop.empty()) return;
    w.key("stopSequences").open_array();
    for (std::size_t i = 0; i < std::min(s.stop.size(), kMostStops); ++i) w.text(s.stop[i]);
    w.close_array();
    if (s.stop.size() > kMostStops)
        note(losses, "stop_sequences", fmt::format("{} of them", s.stop.size() - kMostStops),
             Lost::stop_sequences);
}

// Levels know no budget: it counts as the effort it stands for.
void level(Writer& w, const Conversation& c, const ModelTraits& traits,
           std::optional<Effort> effort) {
    const bool exact = c.thinking && c.thinking->mode == Mode::budget;
    if (!effort && exact) effort = chat::effort_of_budget(c.thinking->budget_tokens);
    if (effort) w.member("thinkingLevel", level_of(*effort, traits));
}

// -1 leaves the budget to the model (docs: "Thinking budgets").
void budget(Writer& w, const Conversation& c, const ModelTraits& traits,
            std::optional<Effort> effort) {
    if (c.thinking && c.thinking->mode == Mode::budget)
        w.member("thinkingBudget", clamped_budget(c.thinking->budget_tokens, traits));
    else
        w.member("thinkingBudget", effort ? budget_of(*effort, traits) : std::int64_t{-1});
}

void no_thinking(Writer& w, const ModelTraits& traits, chat::Losses& losses) {
    w.key("thinkingConfig").open_object();
    if (traits.thinking == ThinkingControl::level) {
        w.member("thinkingLevel", level_of(Effort::none, traits));
        note(losses, "thinking", Lost::thinking_off);
    } else {
        w.member("thinkingBudget", clamped_budget(0, traits));
        if (!traits.can_stop_thinking) note(losses, "thinking", Lost::thinking_off);
    }
    w.close_object();
}

// Whether the client asked to see no thoughts.
bool hides_thoughts(const Conversation& c) {
    return c.thinking && c.thinking->display.equals("omitted");
}

void thinking(Writer& w, const Conversation& c, const ModelTraits& traits, chat::Losses& losses) {
    const bool own = c.extras.from != Protocol::anthropic;
    // Messages' effort without thinking is about the whole answer, which Gemini cannot scale.
    if (!c.thinking && c.effort && !own)
        return note(losses, "output_config.effort", std::string(chat::name_of(*c.effort)),
                    Lost::effort_alone);
    if (!c.thinking && !c.effort) return;
    const bool off = c.thinking ? c.thinking->mode == Mode::off : *c.effort == Effort::none;
    if (traits.thinking == ThinkingControl::none) {
        if (!off) note(losses, "thinking", Lost::thinking_unknown);
        return;
    }
    if (off) return no_thinking(w, traits, losses);
    w.key("thinkingConfig").open_object();
    if (traits.thinking == ThinkingControl::level)
        level(w, c, traits, c.effort);
    else
        budget(w, c, traits, c.effort);
    if (!hides_thoughts(c)) w.key("includeThoughts").boolean(true);
    w.close_object();
}

void format(Writer& w, const Conversation& c, const ModelTraits& traits, bool has_functions,
            chat::Losses& losses) {
    if (!c.format) return;
    const bool own = c.extras.from == Protocol::gemini;
    if (has_functions && !traits.json_with_tools && !own)
        return note(losses, "response_format", Lost::json_with_tools);
    w.member("responseMimeType", "application/json");
    if (c.format->schema.empty()) return;
    if (own) {
        w.member_raw("responseJsonSchema", c.format->schema);
        return;
    }
    const std::string schema = chat::schema_subset(
        c.format->schema, kSchemaRules, chat::SchemaUse::value, "response_format", losses);
    if (!schema.empty()) w.member_raw("responseSchema", schema);
}

}  // namespace

void encode_config(Writer& w, const Conversation& c, const ModelTraits& traits, bool has_functions,
                   chat::Losses& losses) {
    std::string config;
    Writer inner(config);
    inner.open_object();
    sampling(inner, c.sampling, losses);
    thinking(inner, c, traits, losses);
    format(inner, c, traits, has_functions, losses);
    if (c.extras.from == Protocol::gemini) {
        for (const auto& [key, raw] : c.extras.members) {
            if (key.escaped().starts_with(kConfig))
                inner.key(key.escaped().substr(kConfig.size())).raw(raw);
        }
    }
    inner.close_object();
    if (config != "{}") w.member_raw("generationConfig", config);
}

}  // namespace ccr::wire::gemini
