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
    {"attribution text", "it changes with every request and is of use to Anthropic only"},
    {"thinking", "made elsewhere: only its maker can verify it"},
    {"text of thoughts", "Gemini wants the signature back, not the text"},
    {"cache marks", "Gemini caches prefixes by itself"},
    {"is_error", "said by the key of the function's response"},
    {"call without a result", "Gemini wants one for each: it is told that there is none"},
    {"result without its call", "Gemini refuses it: it became text"},
    {"first turn of the assistant", "Gemini wants a user's turn before it: one was added"},
    {"media", "Gemini takes media from users only"},
    {"file id", "files uploaded to one provider cannot be read by another"},
    {"media in a tool result",
     "function responses hold text, from Gemini 3 on also common types of data: the rest follows"},
    {"block", "known to its own protocol only"},
    {"placeholder tool", "it stands for tools that are not loaded and cannot be called"},
    {"server tool", "a tool that only its own provider can run"},
    {"search beside functions", "Gemini refuses its own tools beside functions"},
    {"parallel_tool_calls", "Gemini has no switch for parallel calls"},
    {"tool_choice", "no tool is left to choose"},
    {"stop sequences", "Gemini takes at most five"},
    {"thinking off", "this model always thinks: it was asked to think least"},
    {"thinking", "this model does not think"},
    {"effort", "sent only beside thinking"},
    {"answer format", "this generation refuses it beside functions"},
    {"user id", "no member of generateContent"},
    {"strict", "no member of a function declaration"},
    {"member", "no member of generateContent"},
    {"member of a block", "no member that generateContent knows there"},
});
static_assert(kNotCarried.size() == static_cast<std::size_t>(Lost::inner_member) + 1);

constexpr const NotCarried& loss_of(Lost lost) {
    return kNotCarried[static_cast<std::size_t>(lost)];
}

/// With what it was this time, in place of the table's general word.
inline void note(chat::Losses& losses, std::string where, std::string what, Lost lost) {
    losses.push_back({std::move(where), std::move(what), std::string(loss_of(lost).why)});
}
inline void note(chat::Losses& losses, std::string where, Lost lost) {
    note(losses, std::move(where), std::string(loss_of(lost).what), lost);
}

}  // namespace ccr::wire::gemini
