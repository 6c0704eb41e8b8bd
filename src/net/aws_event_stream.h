// AwsEventStream: the binary framing application/vnd.amazon.eventstream, bytes to messages ("Event
// stream encoding", AWS Common Runtime).
//
//     message := prelude headers payload crc          all numbers big endian
//     prelude := total length (4) headers length (4) crc of these eight bytes (4)
//     header  := name length (1) name type (1) value
//
// Both checksums are CRC-32 as in IEEE 802.3. A plain object, one stream, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ccr::net {

/// Views are valid until the sink returns. A header that is no text, or absent, is "".
struct AwsMessage {
    std::string_view message_type;    // event, exception or error
    std::string_view event_type;      // of an event
    std::string_view exception_type;  // of an exception
    std::string_view error_code, error_message;
    std::string_view payload;
};

class AwsEventStream {
  public:
    using Sink = std::function<void(const AwsMessage&)>;

    /// Calls `sink` for each message that is complete; any split gives the same calls. False once
    /// something is not as the format wants it; nothing is delivered from then on.
    bool feed(std::string_view bytes, const Sink& sink);

    /// Whether bytes of an unfinished message are held.
    bool pending() const { return !buffer_.empty(); }
    /// "" while all is well.
    std::string_view problem() const { return problem_; }

  private:
    std::size_t split(std::string_view window, const Sink& sink);
    std::size_t message_size(std::string_view window);
    bool deliver(std::string_view message, const Sink& sink);
    bool break_off(std::string_view why);

    std::string buffer_;
    std::string_view problem_;
};

/// CRC-32 (IEEE 802.3).
std::uint32_t crc32(std::string_view bytes);

}  // namespace ccr::net
