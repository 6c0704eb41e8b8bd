// One answer as it comes in: its head, and then chunks up to the empty one, or as many bytes as the
// head says. One thread.
#pragma once

#include <optional>
#include <vector>

#include "rig/http_exchange.h"

namespace rig {

class AnswerReader {
  public:
    /// True when the answer is complete.
    bool feed(std::string_view bytes);
    /// Whether its last bytes hold `end`.
    bool ends_with(std::string_view end) const { return tail_.find(end) != std::string::npos; }
    /// Appends the time of each event that came since the last call: when it was sent, or 0.
    void take_marks(std::vector<std::int64_t>& marks);

    /// Nobody asks for marks any more.
    void look_no_more() { is_looking_ = false; }

  private:
    bool feed_body(std::string_view bytes);
    void keep(std::string_view part);

    std::string head_;
    bool in_body_ = false, is_chunked_ = false;
    std::string size_line_;
    std::size_t left_ = 0;  // of the chunk and the line end behind it, or of the body
    bool is_last_ = false;
    std::string tail_;   // the last bytes of the body
    std::string fresh_;  // what came since marks were taken
    bool is_looking_ = true;
};

inline bool AnswerReader::feed(std::string_view bytes) {
    if (in_body_) return feed_body(bytes);
    head_ += bytes;
    const std::size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    in_body_ = true;
    is_chunked_ = header(head_, "transfer-encoding") == "chunked";
    left_ = is_chunked_ ? 0 : number(header(head_, "content-length"));
    if (head_.compare(0, 12, "HTTP/1.1 200") != 0 || (!is_chunked_ && left_ == 0))
        die("unexpected answer:\n" + head_.substr(0, 2000));
    const std::string rest = head_.substr(end + 4);
    return feed_body(rest);
}

inline void AnswerReader::keep(std::string_view part) {
    constexpr std::size_t kTail = 8192;
    if (part.size() >= kTail) tail_.clear();
    tail_ += part.substr(part.size() - std::min(part.size(), kTail));
    if (tail_.size() > 2 * kTail) tail_.erase(0, tail_.size() - kTail);
    if (is_looking_) fresh_ += part;
}

inline bool AnswerReader::feed_body(std::string_view bytes) {
    while (!bytes.empty()) {
        if (left_ > 0) {
            const std::size_t count = std::min(left_, bytes.size());
            // The line end behind a chunk is not the body's.
            const std::size_t frame = is_chunked_ ? std::min<std::size_t>(2, left_) : 0;
            keep(bytes.substr(0, std::min(count, left_ - frame)));
            bytes.remove_prefix(count);
            left_ -= count;
            if (left_ == 0 && (is_last_ || !is_chunked_)) return true;
            continue;
        }
        size_line_ += bytes.front();
        bytes.remove_prefix(1);
        if (!size_line_.ends_with("\r\n")) continue;
        std::size_t size = 0;
        std::from_chars(size_line_.data(), size_line_.data() + size_line_.size(), size, 16);
        size_line_.clear();
        is_last_ = size == 0;
        left_ = size + 2;
    }
    return false;
}

inline void AnswerReader::take_marks(std::vector<std::int64_t>& marks) {
    std::size_t at = 0;
    while ((at = fresh_.find('@', at)) != std::string::npos) {
        if (fresh_.size() < at + 1 + kMarkDigits) break;
        std::int64_t value = 0;
        const char* begin = fresh_.data() + at + 1;
        if (std::from_chars(begin, begin + kMarkDigits, value).ptr == begin + kMarkDigits)
            marks.push_back(value);
        at += 1;
    }
    fresh_.erase(0, std::min(at, fresh_.size()));
}

}  // namespace rig
