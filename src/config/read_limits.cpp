#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr double kMegabyte = 1024.0 * 1024.0;
constexpr std::chrono::milliseconds kLongestDrain{3'600'000};

void read_count(const Reading& reading, const Node& node, std::string_view name, std::size_t& out) {
    constexpr double kLargest = 1'000'000;
    const auto number = number_of(reading, node, name);
    if (!number) return;
    if (*number >= 0 && *number <= kLargest && *number == std::floor(*number)) {
        out = static_cast<std::size_t>(*number);
        return;
    }
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("{} should be a whole number from 0 (no limit) to {:.0f}; {} is used", name,
                    kLargest, out));
}

bool is_limits_object(const Reading& reading, const Node& node) {
    if (!node || node.is_null()) return false;
    if (node.is_object()) return true;
    reading.report.warn(
        "wrong-type", node.place(),
        fmt::format("limits should be an object such as {{per_provider: 8}} but is {}; it is "
                    "ignored",
                    node.kind()));
    return false;
}

void read_buffered(const Reading& reading, const Node& node, Limits& limits) {
    const auto megabytes = number_of(reading, node, "limits.buffered_mb");
    if (!megabytes) return;
    constexpr double kLargest = 1024 * 1024;
    if (*megabytes >= 0 && *megabytes <= kLargest) {
        limits.buffered = static_cast<std::size_t>(*megabytes * kMegabyte);
        return;
    }
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("limits.buffered_mb should be from 0 (no limit) to {:.0f}; {} is used",
                    kLargest, limits.buffered >> 20));
}

}  // namespace

void read_limits(const Reading& reading, Config& config) {
    if (const auto drain = milliseconds_of(reading, reading.root["drain_ms"], "drain_ms"))
        config.drain = std::min(*drain, kLongestDrain);
    const Node node = reading.root["limits"];
    if (!is_limits_object(reading, node)) return;
    check_names(node, kLimitSection, reading.report);
    Limits& limits = config.limits;
    read_count(reading, node["per_client"], "limits.per_client", limits.per_client);
    read_count(reading, node["per_provider"], "limits.per_provider", limits.per_provider);
    read_count(reading, node["queue"], "limits.queue", limits.queue);
    if (const auto time = milliseconds_of(reading, node["queue_ms"], "limits.queue_ms"))
        limits.queue_time = *time;
    read_buffered(reading, node["buffered_mb"], limits);
}

void read_provider_limit(const Reading& reading, const Node& node, Provider& provider) {
    if (!node || node.is_null()) return;
    std::size_t most = 0;
    read_count(reading, node, "max_concurrent", most);
    provider.most_requests = most;
}

}  // namespace ccr::config
