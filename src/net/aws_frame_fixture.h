// Writes messages of the binary event stream, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/aws_event_stream.h"

namespace ccr::net::fixture {

inline std::string big_endian(std::uint32_t value, int size) {
    std::string out;
    for (int i = size - 1; i >= 0; --i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
    return out;
}

inline std::string text_header(std::string_view name, std::string_view value) {
    return big_endian(static_cast<std::uint32_t>(name.size()), 1) + std::string(name) + '\x07' +
           big_endian(static_cast<std::uint32_t>(value.size()), 2) + std::string(value);
}

/// One message; `headers` as they go over the wire.
inline std::string framed(std::string_view headers, std::string_view payload) {
    const auto size = static_cast<std::uint32_t>(12 + headers.size() + payload.size() + 4);
    std::string out =
        big_endian(size, 4) + big_endian(static_cast<std::uint32_t>(headers.size()), 4);
    out += big_endian(crc32(out), 4);
    out.append(headers).append(payload);
    return out + big_endian(crc32(out), 4);
}

inline std::string event_frame(std::string_view type, std::string_view payload) {
    return framed(text_header(":event-type", type) +
                      text_header(":content-type", "application/json") +
                      text_header(":message-type", "event"),
                  payload);
}

inline std::string exception_frame(std::string_view type, std::string_view payload) {
    return framed(text_header(":exception-type", type) + text_header(":message-type", "exception"),
                  payload);
}

}  // namespace ccr::net::fixture
