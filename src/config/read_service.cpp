#include <fmt/format.h>

#include <algorithm>

#include "config/nearest.h"
#include "config/reading.h"
#include "config/schema.h"

namespace ccr::config {
namespace {

void read_logging(const Reading& reading, Config& config) {
    const Node log = reading.root["LOG"];
    config.logging.to_file = log.boolean() != false;
    if (log && !log.is_null() && !log.boolean()) {
        reading.report.warn(
            "wrong-type", log.place(),
            fmt::format("LOG is {}; only the word false without quotes switches the log off",
                        log.kind()));
    }
    const Node node = reading.root["LOG_LEVEL"];
    const auto level = text_of(reading, node, "LOG_LEVEL");
    if (!level || level->empty()) return;
    const std::string plain = lowered(trimmed(*level));
    const Words known = words_of(kTopSection, "LOG_LEVEL");
    if (std::ranges::find(known, plain) != known.end()) {
        config.logging.level = plain;
        return;
    }
    const std::string near = nearest(plain, known);
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("LOG_LEVEL should be fatal, error, warn, info, debug or trace; {} is used{}",
                    config.logging.level, did_you_mean(near)));
}

void read_launch(const Reading& reading, Config& config) {
    Launch& launch = config.launch;
    auto path = text_of(reading, reading.root["CLAUDE_PATH"], "CLAUDE_PATH");
    if (!path || path->empty()) path = reading.environment("CLAUDE_PATH");
    if (path && !path->empty()) launch.claude_path = with_home(*path, reading.environment);
    launch.non_interactive =
        flag_of(reading, reading.root["NON_INTERACTIVE_MODE"], "NON_INTERACTIVE_MODE")
            .value_or(false);
    const Node status_line = reading.root["StatusLine"];
    if (status_line.is_object()) {
        launch.status_line = status_line.json();
        launch.status_line_enabled =
            flag_of(reading, status_line["enabled"], "StatusLine.enabled").value_or(false);
    } else if (!status_line.is_blank()) {
        reading.report.warn("wrong-type", status_line.place(),
                            fmt::format("StatusLine should be an object but is {}; it is ignored",
                                        status_line.kind()));
    }
}

void read_body_limit(const Reading& reading, Config& config) {
    constexpr double kMegabyte = 1024.0 * 1024.0;
    constexpr double kLargest = 4096;
    const Node node = reading.root["MAX_BODY_MB"];
    const auto megabytes = number_of(reading, node, "MAX_BODY_MB");
    if (!megabytes) return;
    if (*megabytes > 0 && *megabytes <= kLargest) {
        config.body_limit =
            std::max<std::size_t>(1, static_cast<std::size_t>(*megabytes * kMegabyte));
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("MAX_BODY_MB should be over 0 and at most {:.0f}; {} is used",
                                    kLargest, config.body_limit >> 20));
}

// The file is read when it is wanted, so that an edited one holds at once.
void read_prompt_file(const Reading& reading, Config& config) {
    const auto path =
        text_of(reading, reading.root["REWRITE_SYSTEM_PROMPT"], "REWRITE_SYSTEM_PROMPT");
    if (path && !path->empty())
        config.rewrite_system_prompt = with_home(*path, reading.environment);
}

}  // namespace

void read_service(const Reading& reading, Config& config) {
    read_logging(reading, config);
    read_launch(reading, config);
    read_body_limit(reading, config);
    read_prompt_file(reading, config);
}

}  // namespace ccr::config
