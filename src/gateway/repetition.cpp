#include "gateway/repetition.h"

#include <utility>

namespace ccr::gateway {
namespace {

constexpr std::size_t kTelling = 32;  // so many bytes are not the same by chance

}  // namespace

void Repetition::expect(std::string delivered) {
    delivered_ = std::move(delivered);
    held_.clear();
    looking_ = delivered_.size() >= kTelling;
}

std::string Repetition::take(std::string_view text) {
    if (!looking_) return std::string(text);
    held_ += text;
    if (std::string_view(delivered_).starts_with(held_) && held_.size() < delivered_.size())
        return {};
    looking_ = false;
    std::string out = std::exchange(held_, {});
    if (out.starts_with(delivered_)) out.erase(0, delivered_.size());
    return out;
}

std::string Repetition::rest() {
    looking_ = false;
    std::string out = std::exchange(held_, {});
    return out.size() < kTelling ? out : std::string();
}

}  // namespace ccr::gateway
