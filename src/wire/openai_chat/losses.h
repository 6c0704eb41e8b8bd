// What requests lose on their way to a Chat Completions provider.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::openai_chat {

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"thinking of another provider", "only its maker can verify a seal"},
    {"order of text after a tool call", "a message puts all text before its calls"},
    {"is_error of tool results", "no such member; said in the text"},
    {"media in an assistant's turn", "assistant messages hold text only"},
    {"documents by URL", "documents are sent as data only"},
    {"files by id", "files uploaded to one provider cannot be read by another"},
    {"tools that another provider runs", "only that provider can run them"},
    {"top_k", "no such field"},
    {"effort above high", "the common scale of reasoning_effort ends there"},
    {"cache marks", "providers cache prefixes by themselves"},
    {"device and session ids", "of use to Anthropic only"},
    {"the placeholder of deferred tools", "it cannot be called"},
    {"members known to another protocol only", "servers refuse what they do not know"},
});

}  // namespace ccr::wire::openai_chat
