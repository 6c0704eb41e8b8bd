// TokenSpeed: who is told how fast answers come, and in which form - `plugins` of the name
// token-speed.
//
// Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ccr::config {

/// Lines on the service's own output.
struct ConsoleOutput {
    enum class Level : std::uint8_t { log, info, warn, error, debug };
    Level level = Level::log;
    bool colors = true;

    bool operator==(const ConsoleOutput&) const = default;
};

/// A file for each session, below the directory for temporary files.
struct FileOutput {
    std::string directory = "claude-code-router";  // relative, without ".."
    std::string prefix = "session";
    std::string extension = "json";  // "" = none
    bool with_time = false;          // a file for each answer: its time is part of the name

    bool operator==(const FileOutput&) const = default;
};

/// Requests to a server of the user's.
struct WebhookOutput {
    std::string url;
    std::string method = "POST";
    std::vector<std::pair<std::string, std::string>> headers;  // credentials among them
    int attempts = 3;
    std::chrono::milliseconds pause{1000};  // before the second attempt; doubled before each more
    bool silent = false;                    // what is not delivered is not told of

    bool operator==(const WebhookOutput&) const = default;
};

struct SpeedOutput {
    std::string name;  // "webhook-2": its own among all
    std::variant<ConsoleOutput, FileOutput, WebhookOutput> to;

    bool operator==(const SpeedOutput&) const = default;
};

struct TokenSpeed {
    enum class Format : std::uint8_t { json, text, markdown };

    bool enabled = false;
    std::vector<SpeedOutput> outputs;  // of those kinds that `reporter` names
    Format format = Format::json;      // on the console
    bool timestamp = true;
    std::string metadata;                        // a JSON object's text; "" = none
    std::chrono::milliseconds time_out{30'000};  // of one attempt at a webhook

    bool operator==(const TokenSpeed&) const = default;
};

}  // namespace ccr::config
