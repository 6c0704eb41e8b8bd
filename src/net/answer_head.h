// The head of an answer as bytes: status line, framing, date, and the handler's own headers made
// safe. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "net/headers.h"

namespace ccr::net {

enum class AnswerBody : std::uint8_t {
    none,         // a status that never has one (204, 304)
    length,       // Content-Length
    chunked,      // Transfer-Encoding: chunked
    until_close,  // ends with the connection (HTTP/1.0)
};

struct AnswerShape {
    AnswerBody body = AnswerBody::length;
    std::uint64_t length = 0;
    bool keep_alive = true;
    bool http11 = true;  // of the client
};

/// Whether an answer of this status never has a body (RFC 9110 section 6.4.1).
constexpr bool is_bodiless(int status) {
    return status < 200 || status == 204 || status == 304;
}

/// Appends a complete head to `out`. Framing headers and dates in `headers` are left out, a header
/// whose name is no token too; CR, LF and other control characters in values become spaces.
void append_answer_head(std::string& out, int status, const Headers& headers,
                        const AnswerShape& shape);

}  // namespace ccr::net
