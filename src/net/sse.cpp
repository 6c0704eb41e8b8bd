#include "net/sse.h"

#include <cstring>
#include <utility>

#include "base/growing_text.h"

namespace ccr::net {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostLead = 256;
constexpr std::size_t kMostSilence = 16 << 10;
constexpr std::size_t kRoomKept = 64 << 10;

}  // namespace

/// Finds line ends in one window. Remembers the next LF and the next CR, so that each byte is
/// looked at once for either, whichever of them a stream uses.
class SseParser::LineEnds {
  public:
    LineEnds(std::string_view window, std::size_t from)
        : window_(window), lf_(find('\n', from)), cr_(find('\r', from)) {}

    /// The first LF or CR at or after `from`, kNone when there is none. `from` never decreases.
    std::size_t next(std::size_t from) {
        if (lf_ != kNone && lf_ < from) lf_ = find('\n', from);
        if (cr_ != kNone && cr_ < from) cr_ = find('\r', from);
        return lf_ < cr_ ? lf_ : cr_;
    }

  private:
    std::size_t find(char wanted, std::size_t from) const {
        if (from >= window_.size()) return kNone;
        const void* hit = std::memchr(window_.data() + from, wanted, window_.size() - from);
        return hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - window_.data())
                   : kNone;
    }

    std::string_view window_;
    std::size_t lf_;
    std::size_t cr_;
};

bool SseParser::feed(std::string_view bytes, const Sink& sink) {
    if (broken_) return false;
    if (buffer_.empty()) {
        const std::size_t done = split(bytes, Ending::open, sink);
        if (!broken_) buffer_.assign(bytes.substr(done));
    } else {
        append_growing(buffer_, bytes);
        drop(split(buffer_, Ending::open, sink));
    }
    if (!broken_) shorten_comment();
    return !broken_;
}

// What a comment says is nothing to wait for: its line goes on as an empty one.
void SseParser::shorten_comment() {
    const bool is_long = buffer_.size() - line_start_ > kMostSilence;
    const bool may_end = scanned_ < buffer_.size();
    if (!is_long || may_end || buffer_[line_start_] != ':') return;
    buffer_.resize(line_start_ + 1);
    scanned_ = buffer_.size();
}

// A giant message, gone, would hold its room until the stream ends.
void SseParser::drop(std::size_t bytes) {
    if (bytes == 0) return;
    buffer_.erase(0, bytes);
    if (buffer_.capacity() > kRoomKept && buffer_.size() <= kRoomKept) buffer_.shrink_to_fit();
}

void SseParser::finish(const Sink& sink) {
    if (broken_ || buffer_.empty()) return;
    drop(split(buffer_, Ending::final, sink));
    if (broken_ || buffer_.empty()) return;
    if (line_start_ < buffer_.size())
        take_line(buffer_, Slice{line_start_, buffer_.size() - line_start_});
    line_start_ = scanned_ = buffer_.size();
    if (data_lines_ > 0 && deliver(buffer_, sink)) buffer_.clear();
}

/// Delivers every complete message of `window` and returns how many bytes they took. The rest is
/// one unfinished message, which the members describe.
std::size_t SseParser::split(std::string_view window, Ending ending, const Sink& sink) {
    LineEnds ends(window, scanned_);
    std::size_t start = deliver_alike(window, 0, ends, sink);
    for (std::size_t end = ends.next(start + scanned_); end != kNone && !broken_;
         end = ends.next(start + line_start_)) {
        std::size_t past = end + 1;
        if (window[end] == '\r') {
            // An LF that follows belongs to this line end, so whether one does must be known first.
            if (past == window.size() && ending == Ending::open) break;
            if (past < window.size() && window[past] == '\n') ++past;
        }
        const std::string_view message = window.substr(start, past - start);
        const Slice line{line_start_, end - start - line_start_};
        line_start_ = message.size();
        const bool is_end = take_line(message, line) == Line::blank;
        if (is_end && data_lines_ > 0) {
            learn_lead(message);
            if (!deliver(message, sink)) return start;
            start = deliver_alike(window, past, ends, sink);
            continue;
        }
        if (is_end) forget_fields();
        if (is_silence(message)) {
            forget_fields();
            start = past;
            line_start_ = 0;
            scanned_ = 0;
        }
    }
    if (broken_) return start;
    const std::size_t rest = window.size() - start;
    scanned_ = rest > 0 && window.back() == '\r' ? rest - 1 : rest;
    if (rest > limit_) broken_ = true;
    return start;
}

/// Delivers the messages from `start` on that are like the one before up to their one line of data:
/// nearly all of a stream are, and their other lines need not be read again. Returns where what is
/// not like it begins.
std::size_t SseParser::deliver_alike(std::string_view window, std::size_t start, LineEnds& ends,
                                     const Sink& sink) {
    if (line_start_ != 0 || lead_.empty()) return start;
    while (window.substr(start).starts_with(lead_)) {
        const std::size_t data = start + lead_.size();
        LineEnds ahead = ends;  // the lead may hold some that are asked for again
        const std::size_t end = ahead.next(data);
        if (end == kNone || window.substr(end, 2) != "\n\n") break;
        ends = ahead;
        event_ = lead_event_;
        first_data_ = {lead_.size(), end - data};
        data_lines_ = 1;
        if (!deliver(window.substr(start, end + 2 - start), sink)) break;
        start = end + 2;
    }
    return start;
}

// What a provider says while it thinks: of no use to the message that follows at last.
bool SseParser::is_silence(std::string_view message) const {
    return message.size() > kMostSilence && data_lines_ == 0 && event_.size == 0;
}

// With the space, because without it a space that follows would not be the value's. A byte order
// mark stands at the start of a stream only. What is long is a comment, and not worth keeping.
void SseParser::learn_lead(std::string_view message) {
    lead_.clear();
    const std::string_view lead = message.substr(0, first_data_.at);
    const bool is_event_behind = event_.at > first_data_.at;
    if (data_lines_ != 1 || is_event_behind || lead.size() > kMostLead) return;
    if (!lead.ends_with(": ") || lead.starts_with(kByteOrderMark)) return;
    lead_ = lead;
    lead_event_ = event_;
}

SseParser::Line SseParser::take_line(std::string_view message, Slice line) {
    std::string_view text = message.substr(line.at, line.size);
    if (std::exchange(at_start_, false) && text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    if (text.empty()) return Line::blank;
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    std::string_view value = colon == kNone ? text.substr(text.size()) : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    const Slice slice{static_cast<std::size_t>(value.data() - message.data()), value.size()};
    if (name == "data") take_data(message, slice);
    if (name == "event") event_ = slice;
    return Line::field;
}

void SseParser::take_data(std::string_view message, Slice value) {
    if (data_lines_++ == 0) {
        first_data_ = value;
        return;
    }
    if (data_lines_ == 2) joined_data_.assign(message.substr(first_data_.at, first_data_.size));
    joined_data_.push_back('\n');
    joined_data_.append(message.substr(value.at, value.size));
}

bool SseParser::deliver(std::string_view message, const Sink& sink) {
    if (message.size() > limit_) {
        broken_ = true;
        return false;
    }
    SseMessage out;
    out.event = message.substr(event_.at, event_.size);
    out.data = data_lines_ == 1 ? message.substr(first_data_.at, first_data_.size)
                                : std::string_view(joined_data_);
    out.raw = message;
    sink(out);
    forget_fields();
    if (joined_data_.capacity() > kRoomKept) std::string().swap(joined_data_);
    line_start_ = 0;
    scanned_ = 0;
    return true;
}

void SseParser::forget_fields() {
    event_ = {};
    data_lines_ = 0;
}

}  // namespace ccr::net
