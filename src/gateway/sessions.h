// Sessions: what the agents of each session are doing now and what they have cost, for `ccr top`
// and the status line. Kept in memory alone.
//
// Any thread. Bounded: the sessions that were heard of last.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/event.h"

namespace ccr::gateway {

/// One agent of a session: the main one, or a subagent. What the client asks of a small model on
/// the side (titles, summaries) is an agent of its own, kErrands, so that it hides nobody's work.
struct AgentActivity {
    enum class State : std::uint8_t { idle, waiting, streaming };

    std::string agent;     // the client's id of the subagent; "" = the main agent
    std::string asked;     // the model as the client named it
    std::string target;    // "provider,model" of the last attempt
    std::string scenario;  // that chose it
    std::int64_t running = 0, streaming = 0;  // requests at this moment
    std::int64_t requests = 0, errors = 0;
    std::int64_t first_content_ms = 0;  // of the last answer
    double tokens_per_second = 0;       // of the last streamed answer, from its first content on
    std::int64_t input = 0;             // tokens of the last answer's request, cache included
    std::int64_t cached = 0;            // of those, read from a cache
    std::optional<std::int64_t> window;
    std::int64_t output = 0;         // tokens of all its answers
    std::optional<double> cost;      // US dollars of all its answers whose price is known
    std::int64_t last_heard_ms = 0;  // since the epoch
    std::int64_t last_ended_ms = 0;  // an answer

    State state() const;
};

struct SessionActivity {
    std::string session, project;
    std::vector<AgentActivity> agents;  // in the order of their first requests
    AgentActivity past;                 // the sums of agents that were let go of
};

inline constexpr std::string_view kErrands = "errands";

class Sessions {
  public:
    using Clock = std::chrono::system_clock;

    void hear(const event::Event& event, Clock::time_point now = Clock::now());

    std::vector<SessionActivity> all() const;  // the last heard of first
    std::optional<SessionActivity> of(std::string_view session) const;

  private:
    struct Running {
        std::string session, agent;
        bool streaming = false;
    };
    void routed(const event::Routed& event, std::int64_t now);
    void asks(const std::string& request, const std::string& target, std::int64_t now);
    void settled(const event::Settled& event, std::int64_t now);
    void forget_oldest();
    Running* running_of(const std::string& request);
    AgentActivity* agent_of(const Running& running, std::int64_t now);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, SessionActivity> sessions_;
    std::unordered_map<std::string, Running> running_;  // by request
};

/// {"session", "project", "agents": [...]}; `ccr top --json` shows the same.
std::string to_json(const SessionActivity& session);
std::string to_json(const std::vector<SessionActivity>& sessions);

}  // namespace ccr::gateway
