// TargetHealth: which keys and targets are better left alone for a while, and until when.
//
// A key rests after a rate limit (until the time the provider named), a refusal or an empty
// account; a target after several failures in a row, longer each time, and then one request at a
// time probes it. Resting only changes the order of what is tried: where nothing else is left, a
// resting target is asked all the same. Rests of keys outlive a restart.
//
// Any thread. One per process; `state` must outlive it.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "config/config.h"
#include "store/state.h"

namespace ccr::gateway {

/// What tells the time; tests have their own.
struct HealthClocks {
    std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
};

class TargetHealth {
  public:
    using Time = std::chrono::system_clock::time_point;  // of what outlives a restart
    using Steady = std::chrono::steady_clock::time_point;

    explicit TargetHealth(store::State& state, HealthClocks clocks = {});

    /// Whether the key or the target behind it rests.
    bool is_resting(const config::Provider& provider, const std::string& model);

    /// Whether a target may be tried now. Of those that ask after its rest, one is the probe; until
    /// its outcome is told (or half a minute has passed) the target rests for the others.
    enum class Turn : std::uint8_t { yes, probe, no };
    Turn take_turn(const config::Provider& provider, const std::string& model);
    /// The probe did not come to asking.
    void give_turn_back(const config::Provider& provider, const std::string& model);
    /// An answer has begun to a try of that time. What failed since then still rests.
    void succeeded(const config::Provider& provider, const std::string& model, Steady began);
    /// Told once of a request and a key, however often it was tried.
    void failed(const config::Provider& provider, const std::string& model, const Error& error);

  private:
    struct KeyRest {
        Time until{};   // as it outlives a restart
        Steady ends{};  // at the latest, whatever happens to the wall clock
        Steady failed_at{};
        int failures = 0;  // in a row
    };
    struct TargetRest {
        Steady until{};
        Steady failed_at{};
        int failures = 0;  // in a row
        bool probing = false;
    };

    void ensure_loaded();
    bool is_key_resting(const std::string& name);
    void fail_target(const std::string& name, ErrorKind kind);
    void end_probe(const std::string& name, bool answered);
    void rest_key(const config::Provider& provider, const std::string& model, const Error& error);
    void forget_key(const std::string& name, Steady began);

    store::State& state_;
    HealthClocks clocks_;
    std::mutex mutex_;
    bool is_loaded_ = false;
    std::unordered_map<std::string, KeyRest> keys_;
    std::unordered_map<std::string, TargetRest> targets_;
};

}  // namespace ccr::gateway
