#include "auth/credential_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "auth/credential_error.h"

namespace ccr::auth {
namespace {

constexpr std::uintmax_t kLargest = 1u << 20;

}  // namespace

Result<std::optional<std::string>> read_credential_file(const std::string& path,
                                                        std::string_view title) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (path.empty() || status.type() == std::filesystem::file_type::not_found) return std::nullopt;
    if (status.type() == std::filesystem::file_type::directory)
        return std::unexpected(
            credential_error(fmt::format("{} is a directory, not a file", title)));
    if (std::filesystem::file_size(path, problem) > kLargest && !problem)
        return std::unexpected(credential_error(
            fmt::format("{} is larger than 1 MB and so no credential; name another file", title)));
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.good() && !file.eof())
        return std::unexpected(credential_error(
            fmt::format("{} cannot be read; check its owner and permissions", title)));
    return text;
}

}  // namespace ccr::auth
