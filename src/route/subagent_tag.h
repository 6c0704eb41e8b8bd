// SubagentTag: the model that a subagent's own prompt asks for,
// `<CCR-SUBAGENT-MODEL>provider,model</CCR-SUBAGENT-MODEL>` - found, and cut out of the request.
//
// It counts where it begins a line of any system block, or of any text of the first user turn that
// is not one of the client's reminders. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/conversation.h"
#include "json/splice.h"

namespace ccr::route {

struct SubagentTag {
    std::string model;    // "" when there is none to be read
    std::string problem;  // "" = well-formed
};

struct FoundTags {
    std::optional<SubagentTag> first;   // the first that can be read, else the first of all
    std::vector<json::Splice> splices;  // that take all of them out of the body's bytes
};

/// `conversation` was decoded from `body` and views it.
FoundTags find_subagent_tags(const chat::Conversation& conversation, std::string_view body);

}  // namespace ccr::route
