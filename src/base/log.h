// The log: JSON lines with pino's fields, so that existing viewers and `jq` habits keep working.
//
// Any thread. Sinks live until shutdown(). Every line passes the redactor before it reaches a sink.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace ccr::log {

/// pino's numeric levels.
enum class Level : std::uint8_t {
    trace = 10,
    debug = 20,
    info = 30,
    warn = 40,
    error = 50,
    fatal = 60
};

/// One extra member of a line. Strings are escaped and redacted; raw() is JSON that is written as
/// it stands.
struct Field {
    struct Raw {
        std::string_view json;
    };
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double, bool, Raw> value;
};

bool enabled(Level level);
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

inline void debug(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::debug, m, f);
}
inline void info(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::info, m, f);
}
inline void warn(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::warn, m, f);
}
inline void error(std::string_view m, std::initializer_list<Field> f = {}) {
    write(Level::error, m, f);
}

struct Settings {
    bool to_file = false;
    bool to_stderr = false;  // human-readable lines, for a service in the foreground
    Level level = Level::info;
    std::string directory;  // ~/.claude-code-router/logs
    std::uint64_t file_bytes = 10u << 20;
    std::uint64_t total_bytes = 100u << 20;  // oldest files go first
};
void configure(const Settings& settings);
void set_level(Level level);
void shutdown();

/// The application log (claude-code-router.log): one JSON line per routing decision and outcome.
/// `json` is a complete object. Lines are written a few milliseconds later, those of a busy moment
/// together, and pass the redactor then; shutdown() writes what is left.
void application(std::string_view json);

}  // namespace ccr::log
