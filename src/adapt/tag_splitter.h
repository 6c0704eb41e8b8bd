// TagSplitter: tells text inside a pair of tags from text outside, as it streams. What may be the
// beginning of a tag is held back; nothing else is.
//
// A plain object on one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace ccr::adapt {

class TagSplitter {
  public:
    enum class Piece : std::uint8_t { outside, inside, entered, left };

    TagSplitter(std::string_view open, std::string_view close) : open_(open), close_(close) {}

    /// Calls `on(Piece, text)` for what is decided; the text is valid during the call.
    template <typename On>
    void feed(std::string_view text, On on) {
        held_ += text;
        for (;;) {
            const std::string& tag = inside_ ? close_ : open_;
            const std::size_t at = ended_ ? std::string::npos : held_.find(tag);
            const std::size_t plain = at != std::string::npos ? at : held_.size() - tail(tag);
            if (plain > 0) on(kind(), std::string_view(held_).substr(0, plain));
            held_.erase(0, at != std::string::npos ? at + tag.size() : plain);
            if (at == std::string::npos) return;
            inside_ = !inside_;
            on(inside_ ? Piece::entered : Piece::left, std::string_view());
        }
    }
    /// What was held back was no tag.
    template <typename On>
    void finish(On on) {
        if (!held_.empty()) on(kind(), std::string_view(held_));
        held_.clear();
    }
    /// No further tag is looked for.
    void end_search() { ended_ = true; }
    bool inside() const { return inside_; }

  private:
    Piece kind() const { return inside_ ? Piece::inside : Piece::outside; }
    // The length of the longest end of held_ that the tag begins with.
    std::size_t tail(const std::string& tag) const {
        if (ended_) return 0;
        for (std::size_t n = std::min(tag.size() - 1, held_.size()); n > 0; --n) {
            if (std::string_view(held_).ends_with(std::string_view(tag).substr(0, n))) return n;
        }
        return 0;
    }

    std::string open_, close_, held_;
    bool inside_ = false;
    bool ended_ = false;
};

}  // namespace ccr::adapt
