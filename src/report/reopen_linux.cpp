#include <fcntl.h>
#include <fmt/format.h>

#include <string>

#include "report/reopen.h"

namespace ccr::report {

net::Descriptor reopened(int descriptor) {
    const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
    return net::Descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

}  // namespace ccr::report
