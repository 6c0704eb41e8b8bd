#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>
#include <string_view>

#include "cli/no_dumps.h"

namespace ccr::cli {

void forbid_dumps() {
    const char* allowed = std::getenv("CCR_ALLOW_DUMPS");
    if (allowed != nullptr && std::string_view(allowed) == "1") return;
    // The limit binds programs that the system pipes core files to, the flag everything else:
    // core files, ptrace(2) and /proc/PID/mem.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace ccr::cli
