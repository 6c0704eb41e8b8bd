// MessageParser: the bytes of a streamed answer to its messages, whatever frames them on the wire.
//
// A plain object, one stream, one thread. Views in a message are valid until the sink returns.
#pragma once

#include <functional>
#include <string_view>

namespace ccr::net {

/// One message, in the terms of server-sent events.
struct SseMessage {
    std::string_view event;  // empty when the stream gave none
    std::string_view data;   // lines joined by '\n'
    /// Every byte since the previous message, terminators and comments included. What goes on for
    /// more than 16 KB without data may be left out.
    std::string_view raw;
};

class MessageParser {
  public:
    using Sink = std::function<void(const SseMessage&)>;

    virtual ~MessageParser() = default;

    /// Calls `sink` for each message that is complete now. Any split of a stream gives the same
    /// calls. False: the stream cannot be read on, see problem().
    virtual bool feed(std::string_view bytes, const Sink& sink) = 0;

    /// The end of the stream: what can stand as a last message is delivered.
    virtual void finish(const Sink& sink) = 0;

    /// Why feed() gave false, to go on from "The upstream ...".
    virtual std::string_view problem() const = 0;
};

}  // namespace ccr::net
