// generateContent request to Conversation. Member names: ai.google.dev/api/generate-content,
// "GenerationConfig", "ThinkingConfig". Which model and whether to stream stands in the address.
#include <fmt/format.h>

#include "base/text_case.h"
#include "wire/gemini/client_side.h"
#include "wire/gemini/contents_decode.h"
#include "wire/gemini/names.h"
#include "wire/gemini/openapi_schema.h"
#include "wire/gemini/tools_decode.h"

namespace ccr::wire::gemini {
namespace {

using chat::Conversation;
using json::Text;
using json::View;

constexpr std::string_view kConfig = "generationConfig";

std::string in_config(std::string_view name) {
    return fmt::format("{}.{}", kConfig, name);
}

Result<void> count(View value, std::string_view name, std::optional<std::int64_t>& out) {
    out = value.integer();
    // Google's own libraries send topK as a real number (40.0).
    if (!out && value.number()) out = static_cast<std::int64_t>(std::min(*value.number(), 1e15));
    if (!out || *out < 0) return wrong(in_config(name), "Expected a whole number");
    return {};
}

Result<void> real(View value, std::string_view name, std::optional<double>& out) {
    out = value.number();
    if (!out) return wrong(in_config(name), "Expected a number");
    return {};
}

Result<void> stop_sequences(View value, Conversation& c) {
    if (!value.is_array()) return wrong(in_config("stopSequences"), "Expected an array of strings");
    for (const View stop : value.elements()) {
        if (!stop.is_string())
            return wrong(in_config("stopSequences"), "Expected an array of strings");
        c.sampling.stop.push_back(stop.text());
    }
    return {};
}

// A budget of 0 stops thinking, of -1 leaves it to the model (docs: "Thinking budgets").
void thinking(View config, Conversation& c) {
    using Mode = chat::Thinking::Mode;
    chat::Thinking out;
    const auto include = field(config, "includeThoughts").boolean();
    const auto budget = field(config, "thinkingBudget").integer();
    const Text level = field(config, "thinkingLevel").text();
    if (!budget && level.empty() && !include.value_or(false)) return;
    if (include) out.display = *include ? Text::literal("summarized") : Text::literal("omitted");
    if (budget && *budget == 0) {
        out.mode = Mode::off;
        out.display = {};
    } else if (budget && *budget > 0) {
        out.mode = Mode::budget;
        out.budget_tokens = *budget;
    }
    c.thinking = out;
    if (level.empty()) return;
    const std::string name = lower_case(level.decode());
    if (const auto effort = chat::effort_of(Text::from_escaped(name))) c.effort = *effort;
}

Result<void> member(Text key, View value, Conversation& c) {
    if (is_named(key, "maxOutputTokens"))
        return count(value, "maxOutputTokens", c.sampling.max_tokens);
    if (key.equals("temperature")) return real(value, "temperature", c.sampling.temperature);
    if (is_named(key, "topP")) return real(value, "topP", c.sampling.top_p);
    if (is_named(key, "topK")) return count(value, "topK", c.sampling.top_k);
    if (is_named(key, "stopSequences")) return stop_sequences(value, c);
    if (is_named(key, "thinkingConfig")) return thinking(value, c), Result<void>();
    // Told together with the type of the answer.
    if (is_named(key, "responseSchema") || is_named(key, "responseJsonSchema")) return {};
    if (is_named(key, "responseMimeType") &&
        (value.text().equals("application/json") || value.text().equals("text/plain")))
        return {};
    c.extras.members.emplace_back(
        Text::from_escaped(c.arena.keep(fmt::format("{}.{}", kConfig, key.escaped()))),
        value.raw());
    return {};
}

void format(View config, Conversation& c) {
    if (!field(config, "responseMimeType").text().equals("application/json")) return;
    chat::AnswerFormat out;
    out.json = true;
    // Gemini CLI writes Google's own kind of schema under either name.
    for (const std::string_view name : {"responseJsonSchema", "responseSchema"}) {
        const View schema = field(config, name);
        if (!schema.is_object()) continue;
        out.schema = json_schema_of(schema, c.arena);
        break;
    }
    c.format = out;
}

Result<void> generation_config(View config, Conversation& c) {
    if (!config) return {};
    if (!config.is_object()) return wrong(kConfig, "Expected an object");
    for (const auto one : config.members()) {
        if (one.value.is_null()) continue;
        TRY_DO(member(one.key(), one.value, c));
    }
    format(config, c);
    return {};
}

// Read elsewhere; `model` stands in the address.
bool is_read_elsewhere(Text key) {
    for (const std::string_view name :
         {"contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "model"}) {
        if (is_named(key, name)) return true;
    }
    return false;
}

std::string_view bare_model(std::string_view model) {
    return model.starts_with("models/") ? model.substr(7) : model;
}

}  // namespace

Result<Conversation> decode_request(View body, const Asked& asked) {
    if (!body.is_object()) return wrong("body", "Expected a JSON object");
    Conversation c;
    c.extras.from = Protocol::gemini;
    c.source_bytes = body.raw().size();
    c.stream = asked.stream;
    c.model = Text::from_plain(c.arena.keep(bare_model(asked.model)), c.arena);
    if (c.model.empty()) c.model = body["model"].text();
    TRY_DO(decode_contents(body, c));
    TRY_DO(decode_tools(body, c));
    TRY_DO(generation_config(field(body, kConfig), c));
    for (const auto member : body.members()) {
        if (!is_read_elsewhere(member.key()) && !member.value.is_null())
            c.extras.members.emplace_back(member.key(), member.value.raw());
    }
    return c;
}

}  // namespace ccr::wire::gemini
