// The head of a request, from raw bytes to a checked RequestHead. Pure functions over bytes.
//
// A head is first checked line by line as it came (RFC 9112 sections 2 to 6), because a parser may
// normalise away what makes two readers disagree; only then is it parsed.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "net/http_server.h"

namespace ccr::net {

/// More fields than this in one head are refused (431).
inline constexpr std::size_t kMaxFields = 256;

enum class BodyKind : std::uint8_t { none, length, chunked };

/// How the body behind a head is delimited.
struct BodyFraming {
    BodyKind kind = BodyKind::none;
    std::uint64_t length = 0;       // with BodyKind::length
    bool expects_continue = false;  // the client waits for `100 Continue`
};

struct ParsedHead {
    RequestHead head;  // without peer and local, which the connection knows
    BodyFraming body;
    bool http11 = true;
    bool keep_alive = true;  // what the client wishes
};

/// Finds the end of a head whose bytes arrive in pieces; each byte is looked at once.
class HeadScanner {
  public:
    enum class State : std::uint8_t { incomplete, complete, broken };

    /// `bytes` starts at the head's first byte and only grows from call to call. `broken` is a line
    /// feed without its carriage return.
    State scan(std::string_view bytes);

    /// Bytes of the head with its empty line, once complete.
    std::size_t length() const { return line_; }

  private:
    std::size_t line_ = 0;  // start of the line under way
    std::size_t seen_ = 0;
};

/// Checks and parses a complete head, its empty line included. Errors: invalid_request,
/// headers_too_large.
Result<ParsedHead> parse_head(std::string_view raw);

/// The request target of a head that may be incomplete or broken; empty when there is none to be
/// read.
std::string_view target_of(std::string_view raw);

}  // namespace ccr::net
