// Facts: what routing may know about a request. Gathered before, so that route() needs no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/protocol.h"
#include "chat/conversation.h"

namespace ccr::route {

struct Facts {
    std::string asked_model;  // as the client named it, our discovery prefix taken off
    Protocol client = Protocol::anthropic;
    std::int64_t input_tokens = 0;  // estimate
    bool web_search = false;        // a provider-run search tool is offered
    bool thinking_raised = false;   // the user asked for more thought than the client's default
    std::string session;            // empty = unknown
    std::string project;            // the client's name of its folder; empty = unknown
    std::string router_file;        // whose Router holds; empty = the configuration's
};

/// Facts of a decoded request; `session` and the token estimate are added by the caller.
Facts gather(const chat::Conversation& conversation, Protocol client);

/// The model name without the "anthropic:" that /v1/models puts before names which Claude Code's
/// discovery would drop.
std::string_view without_discovery_prefix(std::string_view model);

}  // namespace ccr::route
