#include "cli/input.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace ccr::cli {

Result<std::string> read_input(const std::string& file) {
    if (file.empty() || file == "-")
        return std::string{std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) return fail(ErrorKind::invalid_request, fmt::format("{} cannot be read.", file));
    return text;
}

}  // namespace ccr::cli
