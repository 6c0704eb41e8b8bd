// What a command reads: a file, or standard input.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::cli {

/// The whole of `file`; "" and "-" are standard input. Error: invalid_request naming the file.
Result<std::string> read_input(const std::string& file);

}  // namespace ccr::cli
