// Place: where in a request or reply something stands ("messages.3.content.0"). Every part of a
// conversation has one and hardly any is ever told, so it is a chain that is spelt out on demand.
//
// Each links to the one around it, which must live as long. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccr::wire {

class Place {
  public:
    constexpr explicit Place(std::string_view name) : name_(name) {}

    constexpr Place member(std::string_view name) const& { return {this, name, kNoIndex}; }
    constexpr Place element(std::size_t index) const& { return {this, {}, index}; }
    Place member(std::string_view name) const&& = delete;  // it would refer to what ends here
    Place element(std::size_t index) const&& = delete;

    std::string text() const {
        const std::string own = index_ == kNoIndex ? std::string(name_) : std::to_string(index_);
        return around_ == nullptr ? own : around_->text() + "." + own;
    }

  private:
    static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

    constexpr Place(const Place* around, std::string_view name, std::size_t index)
        : around_(around), name_(name), index_(index) {}

    const Place* around_ = nullptr;
    std::string_view name_;
    std::size_t index_ = kNoIndex;
};

}  // namespace ccr::wire
