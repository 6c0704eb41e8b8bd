// Server-sent events: bytes to messages, as in the WHATWG HTML standard, section 9.2.
//
// A plain object, one stream, one thread. Views in a message are valid until the callback returns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/message_parser.h"

namespace ccr::net {

class SseParser final : public MessageParser {
  public:
    /// A message (raw bytes) larger than `limit` makes feed() return false; the stream is then
    /// unusable.
    explicit SseParser(std::size_t limit = 64u << 20) : limit_(limit) {}

    /// Splits `bytes` and calls `sink` for each complete message. Any split of a stream gives the
    /// same calls, long comments in `raw` apart. Accepts LF, CRLF and CR, a leading BOM, comments,
    /// "data:" with or without a space.
    bool feed(std::string_view bytes, const Sink& sink) override;

    /// The end of the stream: a last message without its blank line is delivered, a last line
    /// without its terminator is counted as complete.
    void finish(const Sink& sink) override;
    std::string_view problem() const override { return "sent a single event of more than 64 MB"; }

    /// Whether bytes are held back that belong to no delivered message.
    bool pending() const { return !buffer_.empty(); }

  private:
    /// A part of the message under way, counted from its first byte.
    struct Slice {
        std::size_t at = 0;
        std::size_t size = 0;
    };
    enum class Ending : bool { open, final };
    enum class Line : bool { blank, field };
    class LineEnds;

    std::size_t split(std::string_view window, Ending ending, const Sink& sink);
    void drop(std::size_t bytes);
    void shorten_comment();
    bool is_silence(std::string_view message) const;
    Line take_line(std::string_view message, Slice line);
    void take_data(std::string_view message, Slice value);
    std::size_t deliver_alike(std::string_view window, std::size_t start, LineEnds& ends,
                              const Sink& sink);
    void learn_lead(std::string_view message);
    bool deliver(std::string_view message, const Sink& sink);
    void forget_fields();

    std::size_t limit_;
    std::string buffer_;          // bytes since the last delivered message
    std::size_t line_start_ = 0;  // in the message under way: where its first unread line begins
    std::size_t scanned_ = 0;     // ... and how much of it is known to hold no further line end
    Slice event_;
    Slice first_data_;
    std::size_t data_lines_ = 0;
    std::string joined_data_;  // of a message with more than one data line
    std::string lead_;         // what stood in front of the one data line's value the last time
    Slice lead_event_;
    bool at_start_ = true;  // no line of the stream was read yet: a BOM may stand here
    bool broken_ = false;   // the limit was passed
};

}  // namespace ccr::net
