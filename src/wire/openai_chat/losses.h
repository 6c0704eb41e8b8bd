// What a Chat Completions request cannot carry: the one table that the encoder's losses come from.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::openai_chat {

enum class Lost : std::uint8_t {
    attribution,
    thinking,
    order,
    is_error,
    result_media,
    assistant_media,
    document_url,
    file_id,
    opaque,
    block,
    empty_turn,
    placeholder_tool,
    server_tool,
    tool_choice,
    top_k,
    effort_alone,
    high_effort,
    cache_marks,
    user_id,
    body_member,
    inner_member,
};

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"attribution text", "it changes with every request and is of use to Anthropic only",
     "left out"},
    {"thinking", "made elsewhere or not wanted back by this provider", "left out"},
    {"order of text after a tool call", "a message of Chat has all its text before its calls",
     "the text first"},
    {"is_error", "tool messages have no such member", "said in the text of the message"},
    {"media in a tool result", "tool messages hold text only",
     "in the user message that follows, under the call's id"},
    {"media of the assistant", "assistant messages hold text only", "left out"},
    {"document by URL", "Chat takes documents as data only", "its address in the text"},
    {"file id", "files uploaded to one provider cannot be read by another", "a note in the text"},
    {"block of another protocol", "known to its own protocol only", "its text, where it has one"},
    {"other block", "it has no place in this turn", "left out"},
    {"turn without content", "nothing in it can be sent to this provider", "left out"},
    {"placeholder tool", "it stands for tools that are not loaded and cannot be called",
     "left out"},
    {"server tool", "a tool that only its own provider can run",
     "left out; web search is asked of this one where its preset has one"},
    {"the choice of a tool", "no tool is left to choose", "left out"},
    {"top_k", "no field of Chat Completions", "left out"},
    {"effort", "sent only beside thinking", "left out"},
    {"effort above high", "the common scale of reasoning_effort ends there", "high"},
    {"cache marks", "Chat providers cache prefixes by themselves",
     "left out; where the provider takes one, the session as prompt_cache_key"},
    {"device and session ids", "of use to Anthropic only", "left out"},
    {"member of the body", "no field of Chat Completions", "left out"},
    {"member of a block", "no member that Chat Completions knows there", "left out"},
});
static_assert(kNotCarried.size() == static_cast<std::size_t>(Lost::inner_member) + 1);

constexpr const NotCarried& loss_of(Lost lost) {
    return kNotCarried[static_cast<std::size_t>(lost)];
}

}  // namespace ccr::wire::openai_chat
