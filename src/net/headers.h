// HTTP header fields in the order they came, names compared without case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ccr::net {

class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    void add(std::string name, std::string value) {
        fields_.emplace_back(std::move(name), std::move(value));
    }
    /// Replaces every field of that name by one.
    void set(std::string_view name, std::string value);
    void remove(std::string_view name);

    /// The first field of that name.
    std::optional<std::string_view> get(std::string_view name) const;
    std::size_t count(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    bool empty() const { return fields_.empty(); }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// ASCII case-insensitive equality.
bool iequals(std::string_view a, std::string_view b);

}  // namespace ccr::net
