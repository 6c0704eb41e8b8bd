#include "cli/request_shape.h"

namespace ccr::cli {
namespace {

// Messages has system turns too, but its conversation begins with the user's.
bool is_chat_completions(json::View body) {
    for (const json::View tool : body["tools"].elements()) {
        if (tool["function"].is_object()) return true;
    }
    if (body["system"]) return false;
    bool is_first = true;
    for (const json::View message : body["messages"].elements()) {
        const json::Text role = message["role"].text();
        if (role.equals("developer") || role.equals("tool")) return true;
        if (is_first && role.equals("system")) return true;
        is_first = false;
    }
    return false;
}

}  // namespace

Protocol protocol_of_body(json::View body) {
    if (body["contents"].is_array()) return Protocol::gemini;
    if (body["input"]) return Protocol::openai_responses;
    return is_chat_completions(body) ? Protocol::openai_chat : Protocol::anthropic;
}

}  // namespace ccr::cli
