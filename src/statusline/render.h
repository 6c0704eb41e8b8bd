// Rendering: a theme and the texts of its modules become one line for the terminal. Pure.
#pragma once

#include <string>
#include <vector>

#include "statusline/theme.h"

namespace ccr::statusline {

/// `texts[i]` is what module i says; a module that says nothing is left out, with its separator.
/// `colored`: false where the user wants none (no-color.org).
std::string render(const Theme& theme, const std::vector<std::string>& texts, bool colored = true);

}  // namespace ccr::statusline
