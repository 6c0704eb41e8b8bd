// What the demo says to a conversation: a pure function, so that every answer can be repeated.
//
// Plain values; any thread. A Plan owns its strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chat/conversation.h"
#include "chat/reply.h"
#include "demo/faults.h"

namespace ccr::demo {

struct Plan {
    chat::Reply reply;
    Fault fault;
    std::int64_t filler_kb = 0;  // text that follows the last text block, made up while it is sent
    std::int64_t piece_kb = 1;   // of the filler, sent as one delta
};

/// `body_bytes`: size of the request, from which its tokens are estimated. `advice` is one more
/// sentence for every answer, e.g. which provider could be set up; may be empty.
Plan plan(const chat::Conversation& conversation, std::size_t body_bytes, std::string_view advice);

/// The same for the same conversation: names an answer and counts its tries.
std::uint64_t fingerprint(const chat::Conversation& conversation);

/// The filler: `kilobytes` KB of it make one delta.
std::string filler(std::int64_t kilobytes);

/// Tokens that so many bytes of text are likely to be.
constexpr std::int64_t estimated_tokens(std::size_t bytes) {
    return static_cast<std::int64_t>((bytes + 3) / 4);
}

}  // namespace ccr::demo
