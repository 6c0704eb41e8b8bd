#include <mach-o/dyld.h>

#include <cstdint>

#include "cli/own_binary.h"

namespace ccr::cli {

std::string own_binary() {
    std::uint32_t size = 0;
    _NSGetExecutablePath(nullptr, &size);
    std::string path(size, '\0');
    if (_NSGetExecutablePath(path.data(), &size) != 0) return "ccr";
    return path.c_str();
}

}  // namespace ccr::cli
