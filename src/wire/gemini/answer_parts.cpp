// Part, GroundingMetadata, UsageMetadata: ai.google.dev/api/generate-content.
#include "wire/gemini/answer_parts.h"

#include "json/document.h"

namespace ccr::wire::gemini {

using json::Text;
using json::Writer;

namespace {

void write_arguments(Writer& w, std::string_view arguments) {
    json::Document document;
    const auto root = document.parse(arguments);
    if (root && root->is_object())
        w.raw(root->raw());
    else if (arguments.find_first_not_of(" \t\r\n") == std::string_view::npos ||
             arguments == "null")
        w.raw("{}");
    else
        w.open_object().member("arguments", arguments).close_object();
}

void write_signature(Writer& w, std::string_view escaped) {
    if (!escaped.empty()) w.member("thoughtSignature", Text::from_escaped(escaped));
}

}  // namespace

void write_call(Writer& w, Text id, Text name, std::string_view arguments,
                std::string_view signature) {
    w.open_object().key("functionCall").open_object();
    if (!id.empty()) w.member("id", id);
    w.member("name", name).key("args");
    write_arguments(w, arguments);
    w.close_object();
    write_signature(w, signature);
    w.close_object();
}

void write_text(Writer& w, Text text, bool thought, std::string_view signature) {
    w.open_object().member("text", text);
    if (thought) w.key("thought").boolean(true);
    write_signature(w, signature);
    w.close_object();
}

void write_grounding(Writer& w, const std::vector<chat::WebSearch>& searches) {
    if (searches.empty()) return;
    w.key("groundingMetadata").open_object().key("webSearchQueries").open_array();
    for (const chat::WebSearch& search : searches) {
        if (!search.query.empty()) w.text(search.query);
    }
    w.close_array().key("groundingChunks").open_array();
    for (const chat::WebSearch& search : searches) {
        for (const chat::SearchHit& hit : search.hits) {
            w.open_object().key("web").open_object().member("uri", hit.url);
            w.member("title", hit.title).close_object().close_object();
        }
    }
    w.close_array().close_object();
}

void write_usage(Writer& w, const chat::Usage& usage, std::int64_t estimated_input) {
    const bool counted = usage.input || usage.cache_read || usage.cache_write;
    const std::int64_t input = counted ? usage.whole_input() : estimated_input;
    const std::int64_t output = usage.output.value_or(0);
    const std::int64_t thoughts = std::min(usage.reasoning.value_or(0), output);
    w.open_object().member("promptTokenCount", input);
    if (usage.cache_read.value_or(0) > 0) w.member("cachedContentTokenCount", *usage.cache_read);
    w.member("candidatesTokenCount", output - thoughts);
    if (thoughts > 0) w.member("thoughtsTokenCount", thoughts);
    w.member("totalTokenCount", input + output).close_object();
}

void write_blocked_prompt(Writer& w) {
    w.key("promptFeedback").open_object().member("blockReason", "SAFETY").close_object();
}

}  // namespace ccr::wire::gemini
