// Decoder of the chunked transfer coding (RFC 9112 section 7.1), fed in any pieces. Strict: what
// two readers could take differently is an error. Pure state machine; no I/O, one thread.
//
//   chunked-body = *( size [ext] CRLF data CRLF ) "0" [ext] CRLF *( trailer CRLF ) CRLF
//
// Extensions and trailers are bounded and dropped.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace ccr::net {

class ChunkDecoder {
  public:
    struct Step {
        std::size_t consumed = 0;  // framing and data taken from the front of the bytes
        std::string_view data;     // the part of them that belongs to the body; may be empty
    };

    /// Takes framing up to and including the first run of data. Error: invalid_request; the decoder
    /// is then of no further use. Takes nothing once done().
    Result<Step> next(std::string_view bytes);

    /// Bytes of the current chunk's data still to come.
    std::uint64_t pending() const { return state_ == State::data ? pending_ : 0; }

    /// `count` (at most pending()) bytes of data were taken past the decoder.
    void skip(std::uint64_t count);

    bool done() const { return state_ == State::done; }

  private:
    enum class State : std::uint8_t {
        size_first,
        size,
        extension,
        size_feed,
        data,
        data_return,
        data_feed,
        trailer_first,
        trailer,
        trailer_feed,
        last_feed,
        done
    };

    Result<void> take(char c);
    Result<void> take_size(char c);
    Result<void> take_trailer(char c);
    Result<void> count_extra();

    State state_ = State::size_first;
    std::uint64_t pending_ = 0;
    std::size_t extra_ = 0;  // bytes of extensions and trailers
    unsigned digits_ = 0;
};

}  // namespace ccr::net
