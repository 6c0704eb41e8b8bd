#include "cli/staging.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

namespace ccr::cli {
namespace fs = std::filesystem;

Result<Staging> Staging::make(const std::string& directory) {
    std::string path = directory + "/.new-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        return fail(ErrorKind::config, fmt::format("{} cannot be written to", directory));
    return Staging(std::move(path));
}

Staging::~Staging() {
    std::error_code none;
    if (!path_.empty()) fs::remove_all(path_, none);
}

Result<void> Staging::move(const std::string& from, const std::string& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        return fail(ErrorKind::config, fmt::format("{} cannot be made: {}", to, error.message()));
    return {};
}

}  // namespace ccr::cli
