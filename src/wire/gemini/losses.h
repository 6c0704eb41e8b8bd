// What a generateContent request cannot carry: the one table that the encoder's losses come from.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::gemini {

enum class Lost : std::uint8_t {
    attribution,
    foreign_thinking,
    thinking_text,
    cache_marks,
    is_error,
    missing_result,
    orphan_result,
    first_turn,
    assistant_media,
    file_id,
    result_media,
    opaque,
    placeholder_tool,
    server_tool,
    search_beside_functions,
    schema_keyword,  // told by schema_subset()
    parallel,
    tool_choice,
    stop_sequences,
    thinking_off,
    thinking_unknown,
    effort_alone,
    json_with_tools,
    user_id,
    strict,
    body_member,
    inner_member,
};

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"attribution text", "it changes with every request and is of use to Anthropic only",
     "left out"},
    {"thinking", "made elsewhere: only its maker can verify it", "left out"},
    {"text of thoughts", "Gemini wants the signature back, not the text", "the signature alone"},
    {"cache marks", "Gemini caches prefixes by itself", "left out"},
    {"is_error", "function responses have no such member", "the response's key is `error`"},
    {"call without a result", "Gemini wants a response for each call",
     "a response that says that there is none"},
    {"result without its call", "Gemini refuses it", "a text"},
    {"first turn of the assistant", "Gemini wants a user's turn before it", "one is added"},
    {"media of the assistant", "Gemini takes media from users only", "left out"},
    {"file id", "files uploaded to one provider cannot be read by another", "a note in the text"},
    {"media in a tool result",
     "responses hold an object; from Gemini 3 on also PNG, JPEG, WebP, PDF and text as data",
     "beside the response, under the call's id"},
    {"block of another protocol", "known to its own protocol only", "its text, where it has one"},
    {"placeholder tool", "it stands for tools that are not loaded and cannot be called",
     "left out"},
    {"server tool", "a tool that only its own provider can run",
     "left out; Google's own search or page reader where one was asked for"},
    {"search beside functions", "Gemini refuses its own tools beside functions", "left out"},
    {"keyword of a schema", "not accepted by Gemini", "left out; values are told in a description"},
    {"parallel_tool_calls", "Gemini has no switch for parallel calls", "left out"},
    {"tool_choice", "no tool is left to choose", "left out"},
    {"stop sequences", "Gemini takes at most five", "the first five"},
    {"thinking off", "this model always thinks", "the least thinking"},
    {"thinking", "this model does not think", "left out"},
    {"effort", "sent only beside thinking", "left out"},
    {"answer format", "this generation refuses it beside functions", "left out"},
    {"user id", "no member of generateContent", "left out"},
    {"strict", "no member of a function declaration", "left out"},
    {"member of the body", "no member of generateContent", "left out"},
    {"member of a block", "no member that generateContent knows there", "left out"},
});
static_assert(kNotCarried.size() == static_cast<std::size_t>(Lost::inner_member) + 1);

constexpr const NotCarried& loss_of(Lost lost) {
    return kNotCarried[static_cast<std::size_t>(lost)];
}

}  // namespace ccr::wire::gemini
