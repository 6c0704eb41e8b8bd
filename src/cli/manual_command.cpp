#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/manual.h"

namespace ccr::cli {

int manual_command(const Options& options, const config::Environment&) {
    fmt::print("{}", options.markdown ? manual_markdown() : manual_page());
    return kDone;
}

}  // namespace ccr::cli
