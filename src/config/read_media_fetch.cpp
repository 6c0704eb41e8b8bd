// `media_fetch`: whether ccr loads images and documents for targets that take no URLs, and from
// where.
#include <fmt/format.h>

#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {

void read_media_fetch(const Reading& reading, Config& config) {
    constexpr double kMegabyte = 1024.0 * 1024.0;
    constexpr double kLargest = 100;
    MediaFetch& out = config.media_fetch;
    const Node node = reading.root["media_fetch"];
    if (!node || node.is_null()) return;
    if (!node.is_object()) {
        // `media_fetch: false` says all that there is to say.
        out.enabled = flag_of(reading, node, "media_fetch").value_or(true);
        return;
    }
    check_names(node, kMediaFetchSection, reading.report);
    out.enabled = flag_of(reading, node["enabled"], "media_fetch.enabled").value_or(true);
    for (const std::string& host :
         list_of(reading, node["allowed_hosts"], "media_fetch.allowed_hosts"))
        out.allowed_hosts.push_back(lowered(host));
    if (const auto time = milliseconds_of(reading, node["timeout_ms"], "media_fetch.timeout_ms"))
        out.time = *time;
    const auto megabytes = number_of(reading, node["max_mb"], "media_fetch.max_mb");
    if (!megabytes) return;
    if (*megabytes > 0 && *megabytes <= kLargest)
        out.most_bytes = std::max<std::size_t>(1, static_cast<std::size_t>(*megabytes * kMegabyte));
    else
        reading.report.warn("invalid-value", node["max_mb"].place(),
                            fmt::format("media_fetch.max_mb should be over 0 and at most {:.0f}; "
                                        "{} is used",
                                        kLargest, out.most_bytes >> 20));
}

}  // namespace ccr::config
