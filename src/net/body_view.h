// BodyView: the bytes of a request's body where they lie, in one piece or several.
//
// A plain value; the bytes must outlive it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ccr::net {

class BodyView {
  public:
    BodyView() = default;
    BodyView(std::string_view whole) : BodyView(std::vector<std::string_view>{whole}) {}
    BodyView(const std::string& whole) : BodyView(std::string_view(whole)) {}
    BodyView(const char* whole) : BodyView(std::string_view(whole)) {}
    explicit BodyView(std::vector<std::string_view> pieces);

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    /// The bytes from `at` on, in order; none is empty.
    std::vector<std::string_view> from(std::size_t at) const;
    /// Copies up to `count` bytes from `at` on; returns how many.
    std::size_t copy(char* to, std::size_t count, std::size_t at) const;
    /// A copy of the bytes from `at` on.
    std::string text(std::size_t at = 0) const;

  private:
    std::vector<std::string_view> pieces_;
    std::size_t size_ = 0;
};

}  // namespace ccr::net
