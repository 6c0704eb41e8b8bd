// AnswerReader: the bytes of an HTTP/1.1 connection, in pieces of any size, as one answer: its
// head, then its body (RFC 9112, sections 4 to 8). Strict where two readers could disagree on where
// an answer ends, because the next answer on the connection begins there.
//
// Pure state machine; no I/O. One answer, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/chunk_decoder.h"
#include "net/response_head.h"

namespace ccr::net {

class AnswerReader {
  public:
    /// All heads of an answer, interim ones included.
    static constexpr std::size_t kMostHeadBytes = ResponseHead::kMaxBytes;

    /// `to_head`: the answer to a HEAD request, which has no body whatever its head says.
    explicit AnswerReader(bool to_head = false) : to_head_(to_head) {}

    /// Takes all of `bytes`; what belongs to the body is moved to their front and returned, also
    /// what comes before a mistake. Nothing more once there is a problem().
    std::string_view feed(std::span<char> bytes);

    /// The connection has ended: a problem() when the answer has not.
    void finish();

    /// What is wrong with the answer; empty for nothing.
    std::string_view problem() const { return problem_; }

    bool head_complete() const { return head_.complete(); }
    bool done() const { return framing_ == Framing::done; }
    /// The whole answer was read, nothing came behind it, and the upstream keeps the connection.
    bool keeps_connection() const { return done() && persistent_ && !surplus_; }

    int status() const { return head_.status(); }
    const Headers& headers() const { return head_.headers(); }
    /// The content coding of the body, in lower case; empty for none.
    const std::string& coding() const { return coding_; }

  private:
    enum class Framing : std::uint8_t { head, length, chunked, until_close, done };

    std::size_t feed_head(std::string_view bytes);
    void take_line(std::string_view line);
    void end_head();
    void set_framing(const Headers& headers);
    void set_length(const Headers& headers);
    std::size_t feed_body(std::span<char> bytes);
    std::size_t feed_chunks(std::span<char> bytes);
    void broken(std::string_view why) { problem_ = why; }

    ResponseHead head_;
    ChunkDecoder chunks_;
    std::string line_;  // the part of a head's line that has come so far
    std::string coding_;
    std::string problem_;
    std::size_t head_bytes_ = 0;
    std::uint64_t left_ = 0;  // with Framing::length
    int status_ = 0;          // of the head under way
    Framing framing_ = Framing::head;
    bool to_head_;
    bool is_http11_ = false;
    bool persistent_ = false;
    bool surplus_ = false;
};

}  // namespace ccr::net
