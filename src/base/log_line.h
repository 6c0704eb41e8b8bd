// How one log line looks: JSON for files, short text for a person at a terminal.
//
// All but raw lines pass the redactor on the way; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/log.h"

namespace ccr::log {

/// {"level":30,"time":<ms>,"pid":1,"hostname":"h",<fields>,"msg":"..."} and a line feed.
void append_json_line(std::string& out, Level level, std::int64_t time_ms, std::string_view message,
                      std::initializer_list<Field> fields);

/// message key=value ...; control characters escaped, no line feed.
void append_text_line(std::string& out, std::string_view message,
                      std::initializer_list<Field> fields);

/// `json` on one line, and a line feed. As it is: scrub_lines() has to follow.
void append_raw_line(std::string& out, std::string_view json);

/// Whole lines, each past the redactor.
std::string scrub_lines(std::string_view lines);

}  // namespace ccr::log
