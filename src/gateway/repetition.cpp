#include "gateway/repetition.h"

#include <utility>

namespace ccr::gateway {
namespace {

constexpr std::size_t kTelling = 32;    // so many bytes are not the same by chance
constexpr std::size_t kBeginning = 16;  // that come again where a text repeats itself

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool is_of_a_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ',';
}

// "…the lazy" is not followed by "The quick…" in an answer that means it: a line or a sentence
// would end between them.
bool stops_inside(std::string_view text) {
    if (is_space(text.front())) return false;
    if (text.back() == ' ') return is_of_a_word(text[text.size() - 2]);
    return !is_space(text.back());
}

bool repeats_its_beginning(std::string_view text) {
    return text.find(text.substr(0, kBeginning), 1) != std::string_view::npos;
}

}  // namespace

void Repetition::expect(std::string delivered, bool ended) {
    delivered_ = std::move(delivered);
    ended_ = ended;
    held_.clear();
    looking_ = delivered_.size() >= kTelling && stops_inside(delivered_) &&
               !repeats_its_beginning(delivered_);
}

std::string Repetition::take(std::string_view text) {
    if (!looking_) return std::string(text);
    held_ += text;
    const std::string_view held = held_;
    if (held.size() <= delivered_.size()) {
        if (std::string_view(delivered_).starts_with(held)) return {};
        return rest();
    }
    if (!held.starts_with(delivered_)) return rest();
    // What repeats itself a second time is meant.
    const std::string_view more = held.substr(delivered_.size());
    const std::string_view beginning = std::string_view(delivered_).substr(0, kBeginning);
    if (more.size() < kBeginning && beginning.starts_with(more)) return {};
    if (more.starts_with(beginning)) return rest();
    looking_ = false;
    return std::exchange(held_, {}).substr(delivered_.size());
}

std::string Repetition::rest() {
    looking_ = false;
    if (ended_ && held_ == delivered_) held_.clear();
    return std::exchange(held_, {});
}

}  // namespace ccr::gateway
