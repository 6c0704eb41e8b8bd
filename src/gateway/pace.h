// Pace: when a waiting client is kept company. Plain values.
#pragma once

#include <chrono>

namespace ccr::gateway {

struct Pace {
    /// A stream without content is opened all the same after this long (some clients watch for
    /// headers).
    std::chrono::milliseconds open_after{10'000};
    /// A ping is sent when the client got no byte for this long, if the upstream gave one within
    /// the same time.
    std::chrono::milliseconds ping_after{15'000};
    /// What may follow a terminal event (usage figures, [DONE]) is waited for this long.
    std::chrono::milliseconds trailing{3'000};
};

}  // namespace ccr::gateway
