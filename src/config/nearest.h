// The suggestion of a message: which of the known names a misspelt one most likely means. Pure
// functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ccr::config {

/// The known name within a third of the length of `name` (at least 1, case not counted), or that
/// begins with it; "" when there is none.
std::string nearest(std::string_view name, std::span<const std::string_view> known);
std::string nearest(std::string_view name, const std::vector<std::string>& known);

/// "; did you mean X?" or, without a near name, "".
std::string did_you_mean(const std::string& near);

/// "a, b, c", cut after `limit` names with "and N more".
std::string listed(const std::vector<std::string>& names, std::size_t limit = 8);

}  // namespace ccr::config
