// The terminal that a command talks to: whether there is one, its colours, its size, questions.
//
// Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/loader.h"

namespace ccr::cli {

enum class Style : std::uint8_t { bold, dim, red, yellow, green, cyan };

/// Whether escapes may be written there: a terminal that is not "dumb", and no NO_COLOR
/// (no-color.org: set and not empty).
bool takes_colors(int descriptor, const config::Environment& environment);

/// `text` between escapes where `colored`.
std::string styled(Style style, std::string_view text, bool colored);

/// `text` with a blank for each control character: what clients, providers and files say does not
/// speak to the terminal.
std::string plain(std::string_view text);

/// The same with each control character as \uXXXX, for what is to be judged as it is; what is no
/// UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

/// How many columns `text` takes: its bytes but for UTF-8's continuations.
std::size_t columns_of(std::string_view text);

/// Whether somebody sits there to be asked: standard input and standard error are terminals.
bool can_ask();

/// A question on standard error, answered by y or n and Enter; nothing counts as no.
bool ask_yes(const std::string& question);

/// A line that shows as asterisks while it is typed. Error (invalid_request): there is no terminal,
/// or Ctrl-C or Ctrl-D was typed.
Result<std::string> ask_secret(const std::string& question);

}  // namespace ccr::cli
