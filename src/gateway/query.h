// What a URL's query holds. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr::gateway {

/// The decoded value of the first item of that exact name.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace ccr::gateway
