#include "plugin/isolated.h"

namespace ccr::plugin {

Result<pid_t> run_isolated(const std::vector<std::string>& /*arguments*/,
                           const std::vector<std::string>& /*environment*/,
                           const std::vector<std::pair<int, int>>& /*placed*/) {
    return fail(
        ErrorKind::config,
        "scripts without network need Linux; grant it with network: true, or run ccr there");
}

}  // namespace ccr::plugin
