#include <fmt/format.h>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/exit_codes.h"
#include "cli/serve.h"

namespace ccr::cli {
namespace {

int start_in_background(const Surroundings& here, const config::Config& config) {
    bool started = false;
    const auto running = ensure_running(here, config, started);
    if (!running) return report(running.error());
    const ServiceStatus& status = running->status;
    if (!started) {
        fmt::print("{}", already_running(status, here.paths, config.listen.port, epoch_ms()));
        return kDone;
    }
    fmt::print("ccr is running at {} (pid {}). `ccr status` tells more, `ccr stop` ends it.\n",
               status.endpoint, status.pid);
    if (!status.before.empty()) fmt::print(stderr, "{}\n", status.before);
    for (const config::Finding& finding : status.findings) {
        if (finding.severity != config::Severity::note)
            fmt::print(stderr, "{}\n", to_string(finding));
    }
    return kDone;
}

}  // namespace

int report(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return kFailed;
}

int start_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    auto config = load(here);
    if (!config) return report(config.error());
    if (options.daemon) return start_in_background(here, *config);
    return serve(here, *std::move(config));
}

}  // namespace ccr::cli
