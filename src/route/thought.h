// Thought: how a request asks for thinking, and whether the user did. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "chat/conversation.h"
#include "config/config.h"

namespace ccr::route {

struct Thought {
    bool is_on = false;                  // the request has thinking switched on
    std::optional<chat::Effort> effort;  // as it was sent
    std::string
        raised_by;        // "" = not raised; else what the user did, for people: "effort high ..."
    std::string why_not;  // where nothing raised it, what was looked at
};

/// Today's Claude Code sends `thinking` with every request, so its presence says nothing. What
/// tells: an effort above the client's own default (medium for names it knows, high for others), a
/// budget other than the 31999 it sends unasked, plan mode, or a keyword of the user's.
Thought thought_of(const chat::Conversation& conversation, const config::ThinkWhen& when);

/// Whether the last that the client said of its plan mode is that it is on.
bool is_planning(const chat::Conversation& conversation);

}  // namespace ccr::route
