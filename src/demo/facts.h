// What the demo looks at in a conversation before it answers.
//
// Pure; views into the conversation, which must outlive it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/conversation.h"

namespace ccr::demo {

/// A tool result of the last user turn.
struct ToolOutcome {
    std::string
        tool;  // the name it was called by, "a tool" when the call is not in the conversation
    std::string excerpt;  // its first 200 characters
    bool is_error = false;
};

struct Facts {
    std::string user_text;  // of the last user turn, without what a client put in around it
    std::vector<ToolOutcome> results;         // of the last user turn
    std::vector<const chat::Tool*> callable;  // tools that the client runs
    bool thinking = false;

    /// Case matters only where two names differ by nothing else.
    const chat::Tool* find_tool(std::string_view name) const;
    /// The first `most` tools whose names look read-only.
    std::vector<const chat::Tool*> readers(std::size_t most) const;
    std::string tool_names() const;
    /// The beginning of user_text on one line.
    std::string excerpt() const;
};

Facts facts_of(const chat::Conversation& conversation);

}  // namespace ccr::demo
