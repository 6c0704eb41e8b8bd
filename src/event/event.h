// Events: the milestones of a request, for whoever keeps account of them. Never what it says.
//
// Plain values, copied to subscribers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ccr::event {

/// One rule that routing asked.
struct Considered {
    std::string rule;
    bool applied = false;
    std::string why;
};

/// Routing has decided.
struct Routed {
    std::string request;
    std::string session;
    std::string agent;    // the client's id of a subagent; "" = its main agent
    std::string project;  // the client's name of its folder
    std::string client;   // protocol of the client
    std::string asked_model;
    std::string scenario;
    std::string rule;  // that chose the first target
    std::vector<std::string> because;
    std::vector<Considered> considered;
    std::vector<std::string> targets;  // "provider,model" in the order of attempts
    std::string refused;               // why there are none
    std::int64_t estimated_tokens = 0;
    std::string counted;  // how
    std::int64_t bytes = 0;
};

/// One attempt at one target begins: the lane taken and what it could not carry.
struct Attempted {
    std::string request;
    std::string target;
    std::string lane;
    std::vector<std::string> losses;
};

/// Two targets were asked at once, as `hedge` has it, and that is decided.
struct Hedged {
    std::string request;
    std::string first, second;
    std::string won;                     // "" = neither answers; the first one's failure is told
    std::string cancelled;               // the other one, if it had been sent the request
    std::chrono::milliseconds after{0};  // when the second was asked, from the first one's start
    std::int64_t tokens_in_vain = 0;     // of input that the cancelled one was sent, an estimate
};

/// The first content of the answer has come.
struct Began {
    std::string request;
};

/// More of the answer has come: at most once a second, and at its end unless all was told before;
/// while token-speed asks for it.
struct Written {
    std::string request;
    std::int64_t tokens = 0;  // so far, of each target by its own tokenizer
    // From the request's start: its first content and its last so far.
    std::chrono::microseconds to_first_content{0}, to_last_content{0};
    bool ended = false;  // nothing more comes
};

/// The request is over, however it ended. Exactly one per request.
struct Settled {
    std::string request;
    std::string target;   // of the last attempt; empty if there was none
    std::string outcome;  // "ok", "error", "client_gone"
    int status = 0;
    std::string error_kind;
    std::string error;                              // message, no secrets
    std::chrono::microseconds to_first_content{0};  // 0 = there was none
    bool streamed = false;  // content came piece by piece, so that its speed can be told
    std::chrono::microseconds total{0};
    std::optional<std::int64_t> input, output, cache_read, cache_write;
    std::optional<double> cost;          // by the target's prices, where they are known
    std::optional<std::int64_t> window;  // tokens that the target holds, where that is known
};

using Event = std::variant<Routed, Attempted, Hedged, Began, Written, Settled>;

}  // namespace ccr::event
