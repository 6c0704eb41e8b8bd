#include "chat/copy.h"

namespace ccr::chat {

Conversation settings_of(const Conversation& c) {
    Conversation out;
    out.model = c.model;
    out.tool_choice = c.tool_choice;
    out.sampling = c.sampling;
    out.thinking = c.thinking;
    out.effort = c.effort;
    out.format = c.format;
    out.verbosity = c.verbosity;
    out.user_id = c.user_id;
    out.stream = c.stream;
    out.extras = c.extras;
    out.source_bytes = c.source_bytes;
    return out;
}

Conversation copy_of(const Conversation& c) {
    Conversation out = settings_of(c);
    out.turns = c.turns;
    out.tools = c.tools;
    return out;
}

}  // namespace ccr::chat
