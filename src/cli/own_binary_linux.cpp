#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "cli/own_binary.h"

namespace ccr::cli {

std::string own_binary() {
    constexpr const char* kSelf = "/proc/self/exe";
    std::error_code failed;
    const std::string path = std::filesystem::read_symlink(kSelf, failed).string();
    // An upgrade may have replaced the file; the running program can still be executed through the
    // link.
    return !failed && ::access(path.c_str(), X_OK) == 0 ? path : kSelf;
}

}  // namespace ccr::cli
