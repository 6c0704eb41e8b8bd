// Homes: where conversations were answered last, which is where their prompt caches are.
//
// A conversation is what one agent of a session says to one model name: a subagent and a request
// for a title have beginnings of their own. Any thread. A restart forgets a minute of it at most;
// `state` must outlive it.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "config/config.h"
#include "route/facts.h"
#include "store/state.h"

namespace ccr::gateway {

class Homes {
  public:
    using Clock = std::chrono::system_clock;  // which a restart does not begin anew

    explicit Homes(store::State& state) : state_(state) {}

    /// Whose home is asked for. "" where there is no session.
    static std::string key_of(const route::Facts& facts, std::string_view agent_id);

    /// Fills in `home` and `last_input_tokens`.
    void recall(const std::string& key, config::Stickiness stickiness, route::Facts& facts,
                Clock::time_point now = Clock::now());

    /// `usual`: what slot or default wanted; empty when another rule chose.
    void answered(const std::string& key, const config::ModelRef& target,
                  const config::ModelRef& usual, std::int64_t input_tokens,
                  Clock::time_point now = Clock::now());

  private:
    struct Answer {
        config::ModelRef target, usual;
        std::int64_t tokens = 0;
        Clock::time_point at{};
    };
    struct Known {
        Answer last;      // by whatever rule
        Answer as_usual;  // by slot or default
        Clock::time_point saved_at{};
    };
    using Conversations = std::unordered_map<std::string, Known>;

    void ensure_loaded(Clock::time_point now);
    void save(const std::string& key, Known& known, Clock::time_point now);
    static std::string written(const Known& known);
    static Known read(std::string_view written);

    store::State& state_;
    std::mutex mutex_;
    bool is_loaded_ = false;
    Conversations known_;
};

}  // namespace ccr::gateway
