// next_try(): what to do after a try that failed - the same target again after a pause, another key
// of it, the next target, or to give up. Pure.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.h"
#include "config/config.h"

namespace ccr::route {

/// How far a request has come with one target.
struct Tried {
    int tries = 1;  // of this target with this key
    bool another_key = false;
    bool another_target = false;
    bool interrupted = false;  // content was delivered, and can be gone on with
};

struct NextTry {
    enum class Where : std::uint8_t { same_target, next_key, next_target, nowhere };
    Where where = Where::nowhere;
    std::chrono::milliseconds pause{0};  // before same_target

    bool operator==(const NextTry&) const = default;
};

/// `retry` is complete (see effective_retry). `jitter`, 0 to 1, spreads the pauses of many.
NextTry next_try(const Error& error, const Tried& tried, const config::RetrySettings& retry,
                 double jitter);

/// The provider's settings over the general ones.
config::RetrySettings effective_retry(const config::Provider& provider,
                                      const config::Config& config);

}  // namespace ccr::route
