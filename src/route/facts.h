// Facts: what routing may know about a request. Gathered before, so that route() needs no I/O.
//
// One thread; what it points at must outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/protocol.h"
#include "chat/conversation.h"
#include "config/config.h"
#include "net/headers.h"
#include "route/subagent_tag.h"
#include "route/thought.h"

namespace ccr::route {

/// Where a conversation was answered last, and so where its prompt cache is.
struct Home {
    config::ModelRef target;
    config::ModelRef chosen;         // what the Router chose then; another one than `target` failed
    std::int64_t cached_tokens = 0;  // of its last answer: what the provider can have kept
    std::chrono::seconds idle{0};    // since then
};

/// What the user's custom router said of a request.
struct Scripted {
    std::string choice;   // "provider,model" or a name of the Router's; "" = nothing
    std::string note;     // how long it took, and its own reasons or what went wrong: for people
    bool failed = false;  // it could not be asked, or did not answer
};

/// The machine's local time, as far as rules ask about it.
struct WallClock {
    int weekday = 0;  // 0 = Monday
    int minute = 0;   // since midnight
};

struct Facts {
    std::string asked_model;           // as the client named it, our discovery prefix taken off
    std::string header_choice;         // x-ccr-model; "" = none
    std::optional<Scripted> scripted;  // unset = there is no custom router
    Protocol client = Protocol::anthropic;
    std::string agent;                   // "claude-code", "codex", ...; "" = unknown
    std::int64_t input_tokens = 0;       // an estimate, or counted where that matters
    std::string counted = "estimated";   // how, for people
    std::int64_t last_input_tokens = 0;  // of the session's last answer, cache included
    bool web_search = false;             // nothing but a search that the provider runs is offered
    bool is_title_request = false;       // for the name of a session
    bool has_images = false;             // in the last user turn, its tool results included
    bool had_images = false;             // in an earlier one
    bool is_subagent = false;            // by header, attribution mark or tag
    Thought thought;                     // how much, and how; where routing asks for it
    std::optional<SubagentTag> tag;      // the model that the subagent's prompt names
    std::string session;                 // empty = unknown
    std::string project;                 // the client's name of its folder; empty = unknown
    std::string router_file;             // whose Router holds; empty = the configuration's
    std::optional<Home> home;            // of this conversation; unset = none that is warm
    WallClock now;                       // where a rule asks for it
    const chat::Conversation* conversation = nullptr;  // for rules that ask for more
    const net::Headers* headers = nullptr;
};

/// Facts of a decoded request under the Router that holds for it. The session, what is known of
/// it, the token count and the tag are added by the caller.
Facts gather(const chat::Conversation& conversation, Protocol client, const net::Headers& headers,
             const config::Routing& routing);

/// By the client's header, or by its attribution in the system prompt.
bool is_subagents(const chat::Conversation& conversation, const net::Headers& headers);

/// The model name without the "anthropic:" that /v1/models puts before names which Claude Code's
/// discovery would drop.
std::string_view without_discovery_prefix(std::string_view model, const config::Routing& routing);

/// The text of the last user turn that the user wrote, without the client's reminders.
std::string last_user_text(const chat::Conversation& conversation);

}  // namespace ccr::route
