// Homes: where conversations were answered last, which is where their prompt caches are.
//
// A conversation is what one agent of a session says to one model name: a subagent and a request
// for a title have beginnings of their own. Any thread. Forgotten with the process, as caches are
// by their providers.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "config/config.h"
#include "route/facts.h"

namespace ccr::gateway {

class Homes {
  public:
    using Clock = std::chrono::steady_clock;

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
    };

    std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;
};

}  // namespace ccr::gateway
