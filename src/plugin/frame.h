// Frame: one message between the service and the plugin host, over a stream socket.
//
//     length   4 bytes, little endian: of all that follows
//     kind     1 byte, a FrameKind
//     call     4 bytes, little endian: the call it belongs to; 0 = none
//     head     4 bytes, little endian: length of the head
//     head     JSON text; may be empty
//     body     any bytes, to the end
//
// Plain objects; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::plugin {

enum class FrameKind : char {
    // to the host
    call = 'C',      // head: what to do; body: with what
    settings = 'S',  // body: the configuration as JSON
    cancel = 'X',    // nobody waits for the call any more
    ping = 'P',
    // from the host
    hello = 'H',   // it is up
    began = 'B',   // the plugin is loaded, and its hook is called now
    result = 'R',  // the call's end; head: its answer
    failed = 'F',  // the call's end; head: plugin, hook, message, stack
    pong = 'Q',
    roster = 'L',  // head: {scripts} that were loaded or called
    opened = 'O',  // the answer as the plugins have it begins; head: status, headers
    // to the host, after a result that says `answers`
    answer = 'A',  // the provider's answer begins; head: status, headers
    // either way, of a body that streams
    data = 'D',
    end = 'E',    // head: {message} where it broke off
    taken = 'W',  // head: how many of its bytes were taken, a number
};

struct Frame {
    FrameKind kind = FrameKind::ping;
    std::uint32_t call = 0;
    std::string_view head, body;
};

void append_frame(std::string& out, const Frame& frame);

/// Frames out of bytes that arrive in pieces.
class FrameReader {
  public:
    /// Room for `size` bytes more, to be filled and then told of by filled().
    char* room(std::size_t size);
    void filled(std::size_t size) { filled_ += size; }
    /// The next whole frame; its views hold until the next call of room(). nullopt: more is needed,
    /// or broken().
    std::optional<Frame> next();
    /// What came is no frame.
    bool broken() const { return broken_; }

  private:
    std::string bytes_;
    std::size_t begin_ = 0, filled_ = 0;
    bool broken_ = false;
};

}  // namespace ccr::plugin
