// How the tools of a Responses request are called: most as functions, some as custom tools, the
// tool search, or functions inside a namespace.
//
// In the hub every tool is a function with one flat name; this is the way back. A plain object for
// one request or one answer, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_responses {

enum class CallKind : std::uint8_t { function, custom, tool_search };

struct CallShape {
    CallKind kind = CallKind::function;
    std::string space;  // plain; empty = none
    std::string name;   // plain, as the client knows it
};

/// `space__name`, or `name` where there is no space; a longer one than functions may have ends in
/// a hash.
std::string flat_name(std::string_view space, std::string_view name);

class ToolShapes {
  public:
    /// Of the tools of a Responses request; of every other request there are none.
    explicit ToolShapes(const chat::Conversation* asked);

    /// nullptr: a plain function.
    const CallShape* find(json::Text flat) const;

  private:
    void add(json::View tool, std::string_view space);
    std::map<std::string, CallShape, std::less<>> shapes_;
};

/// What a custom tool is told, out of the arguments of the function that stands for it.
std::string input_of_arguments(std::string_view arguments);

}  // namespace ccr::wire::openai_responses
