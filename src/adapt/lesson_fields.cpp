#include "adapt/lesson_fields.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ccr::adapt {
namespace {

using json::View;

// Everything else is out of reach, whatever a provider's words say: what is not here (messages,
// model, tools, stream, system, a tool's name or schema, a message's content) carries the meaning
// of the request.
constexpr auto kPlaces = std::to_array<std::string_view>({
    // sampling
    "/temperature",
    "/top_p",
    "/top_k",
    "/min_p",
    "/frequency_penalty",
    "/presence_penalty",
    "/repetition_penalty",
    "/seed",
    "/logprobs",
    "/top_logprobs",
    "/logit_bias",
    "/stop",
    "/stop_sequences",
    "/generationConfig/temperature",
    "/generationConfig/topP",
    "/generationConfig/topK",
    "/generationConfig/frequencyPenalty",
    "/generationConfig/presencePenalty",
    "/generationConfig/seed",
    "/generationConfig/stopSequences",
    "/generationConfig/responseLogprobs",
    // length
    "/max_tokens",
    "/max_completion_tokens",
    "/max_output_tokens",
    "/generationConfig/maxOutputTokens",
    // thinking
    "/thinking",
    "/thinking/display",
    "/thinking/budget_tokens",
    "/thinking_budget",
    "/enable_thinking",
    "/reasoning",
    "/reasoning/effort",
    "/reasoning/summary",
    "/reasoning_effort",
    "/reasoning_format",
    "/include_reasoning",
    "/chat_template_kwargs",
    "/output_config",
    "/output_config/effort",
    "/generationConfig/thinkingConfig",
    "/generationConfig/thinkingConfig/thinkingBudget",
    "/generationConfig/thinkingConfig/thinkingLevel",
    "/generationConfig/thinkingConfig/includeThoughts",
    // answers and tools
    "/response_format",
    "/verbosity",
    "/text/verbosity",
    "/include",
    "/tool_choice",
    "/tool_choice/disable_parallel_tool_use",
    "/parallel_tool_calls",
    "/tools/*/strict",
    "/tools/*/function/strict",
    "/tools/*/input_examples",
    "/tools/*/defer_loading",
    "/tools/*/eager_input_streaming",
    "/tools/*/allowed_callers",
    // caching and context
    "/cache_control",
    "/system/*/cache_control",
    "/system/*/cache_control/scope",
    "/system/*/cache_control/ttl",
    "/tools/*/cache_control",
    "/tools/*/cache_control/scope",
    "/tools/*/cache_control/ttl",
    "/tools/*/function/cache_control",
    "/messages/*/cache_control",
    "/messages/*/content/*/cache_control",
    "/messages/*/content/*/cache_control/scope",
    "/messages/*/content/*/cache_control/ttl",
    "/messages/*/content/*/content/*/cache_control",
    "/context_management",
    "/prompt_cache_key",
    "/prompt_cache_retention",
    "/truncation",
    // accounting
    "/user",
    "/metadata",
    "/metadata/user_id",
    "/safety_identifier",
    "/service_tier",
    "/speed",
    "/store",
    "/stream_options",
    "/stream_options/include_usage",
    // reasoning that is sent back
    "/messages/*/reasoning",
    "/messages/*/reasoning_content",
    "/messages/*/reasoning_details",
});

// Required, or without a sense of their own when they are gone.
constexpr auto kNeverLeftOut = std::to_array<std::string_view>(
    {"/thinking/budget_tokens", "/max_tokens", "/max_completion_tokens"});

using Segments = std::vector<std::string>;

// "maxOutputTokens", "max_output_tokens": providers quote either spelling.
std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)))
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

bool is_index(const std::string& segment) {
    return std::ranges::all_of(segment, [](char c) { return c >= '0' && c <= '9'; });
}

// Of a provider's path or of a pointer of ours, without indexes.
Segments segments_of(std::string_view path) {
    Segments out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find_first_of("./[]"), path.size());
        std::string segment = plain(path.substr(0, end));
        if (!segment.empty() && !is_index(segment)) out.push_back(std::move(segment));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    // FastAPI servers count from the whole request ("body").
    if (out.size() > 1 && out.front() == "body") out.erase(out.begin());
    return out;
}

bool is_subsequence(const Segments& part, const Segments& whole) {
    auto at = whole.begin();
    for (const std::string& segment : part) {
        at = std::find(at, whole.end(), segment);
        if (at == whole.end()) return false;
        ++at;
    }
    return true;
}

// A bare name means the field wherever it stands; a path means the places along it, with the kinds
// of blocks that validators put between ("content.0.text.cache_control").
bool means(const Segments& named, const Segments& place) {
    if (named.empty() || named.back() != place.back()) return false;
    if (named.size() == 1) return true;
    return named.front() == place.front() && is_subsequence(place, named);
}

// Marks on thinking blocks are wrong wherever they are sent; all others must not go for them.
bool is_about_one_kind_of_block(const Segments& named) {
    return named.size() > 2 && named.front() == "messages" &&
           named[named.size() - 2].ends_with("thinking");
}

View at(View value, std::string_view pointer) {
    if (!value || pointer.empty()) return value;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view segment = pointer.substr(0, end);
    const std::string_view rest = pointer.substr(end);
    if (segment != "*") return value.is_object() ? at(value[segment], rest) : View();
    for (const View element : value.elements()) {
        if (const View found = at(element, rest)) return found;
    }
    return {};
}

}  // namespace

std::vector<std::string> places_of(std::string_view named, View request) {
    const Segments name = segments_of(named);
    std::vector<std::string> out;
    if (is_about_one_kind_of_block(name)) return out;
    for (const std::string_view place : kPlaces) {
        if (means(name, segments_of(place)) && value_at(request, place)) out.emplace_back(place);
    }
    return out;
}

bool may_touch(std::string_view pointer) {
    return std::ranges::find(kPlaces, pointer) != kPlaces.end();
}

bool may_leave_out(std::string_view pointer) {
    return may_touch(pointer) && std::ranges::find(kNeverLeftOut, pointer) == kNeverLeftOut.end();
}

View value_at(View request, std::string_view pointer) {
    return at(request, pointer);
}

}  // namespace ccr::adapt
