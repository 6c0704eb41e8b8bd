// Columns for a terminal: as wide as their widest cell. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace ccr::cli {

struct Cell {
    std::string text;
    std::optional<Style> style = {};
};

/// Lines, each with its line feed. The last column is not padded; control characters become blanks.
std::string table(const std::vector<std::vector<Cell>>& rows, bool colored);

}  // namespace ccr::cli
