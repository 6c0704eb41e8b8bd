#include "base/timestamp.h"

#include <fmt/chrono.h>

namespace ccr {

std::string iso_timestamp(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto milliseconds_part =
        duration_cast<milliseconds>(time.time_since_epoch()).count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(time)),
                       milliseconds_part);
}

}  // namespace ccr
