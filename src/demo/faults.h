// What a user asks of the demo by a phrase in the last message ("demo: drop 3"), and when a fault
// strikes.
//
// Pure functions and plain values; any thread. The phrases are listed in docs/demo.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::demo {

enum class FaultKind : std::uint8_t {
    none,
    slow,             // every message 200 ms after the one before
    drop,             // the connection breaks after `amount` messages
    rate_limit,       // 429 for the first try, then an answer
    error,            // an error inside a 200 before anything else
    midstream_error,  // an error after `amount` messages
    garbage,          // bytes that are no stream after two messages
    silence,          // nothing for `amount` seconds; from the start, or after `after` messages
    truncate,         // a clean end after `amount` messages, without the terminal event
    status,           // HTTP status `amount`
};

struct Fault {
    FaultKind kind = FaultKind::none;
    std::int64_t amount = 0;
    std::int64_t after = 0;
};

enum class Wish : std::uint8_t { fault, tool, tools, long_text, huge, help, unknown };

/// One "demo: ..." phrase.
struct Phrase {
    Wish wish = Wish::unknown;
    Fault fault;
    std::string tool;            // name, for Wish::tool
    std::string arguments;       // JSON object as text; empty = make some up
    std::int64_t kilobytes = 0;  // for Wish::long_text
    std::string word;            // what was asked for, as written
};

/// The first "demo:" phrase of a text; nullopt when it has none.
std::optional<Phrase> phrase_in(std::string_view text);

enum class Act : std::uint8_t { send, wait, drop, fail, garbage, end };

struct Action {
    Act act = Act::send;
    std::chrono::milliseconds pause{0};  // for wait, which is followed by the message
};

/// What happens before message number `index` (from 0) of a stream is sent.
Action before_message(const Fault& fault, std::int64_t index);

}  // namespace ccr::demo
