#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/setup_advice.h"
#include "cli/surroundings.h"

namespace ccr::cli {
namespace {

int print_running(const Instance& instance, const Surroundings& here, bool as_json) {
    if (as_json) {
        fmt::print("{}", to_json(instance.status));
        return kDone;
    }
    fmt::print("{}", status_block(instance.status, here.paths, epoch_ms()));
    if (instance.status.demo) {
        const std::string setup =
            setup_block(find_setup(here.environment), shortened(here.paths, here.config_file));
        if (!setup.empty()) fmt::print("\n{}", setup);
    }
    return kDone;
}

int print_not_running(const Surroundings& here, const Result<config::Config>& config,
                      bool as_json) {
    if (as_json) {
        nlohmann::ordered_json out{
            {"running", false}, {"version", CCR_VERSION}, {"config_file", here.config_file}};
        if (config) out["port"] = config->listen.port;
        if (!config) out["config_error"] = config.error().message;
        fmt::print("{}\n",
                   out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
        return kDone;
    }
    fmt::print("ccr is not running\n  {:<10} {}\n", "config",
               shortened(here.paths, here.config_file));
    if (config) fmt::print("  {:<10} {}\n", "port", config->listen.port);
    if (!config) fmt::print("\nThe configuration cannot be read:\n  {}\n", config.error().message);
    fmt::print("\nccr start starts the service, ccr code starts it with the client.\n");
    return kDone;
}

}  // namespace

int status_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    const auto config = load(here);
    const std::vector<Instance> instances = running_instances(here.paths);
    const Instance* running = find_wanted(instances, wanted(here, config));
    if (running != nullptr) {
        print_running(*running, here, options.json);
    } else {
        print_not_running(here, config, options.json);
    }
    for (const Instance& other : instances) {
        if (&other == running || options.json) continue;
        fmt::print("Also running: port {}, pid {}, with {}\n", other.status.port, other.status.pid,
                   shortened(here.paths, other.status.config_file));
    }
    return options.check && running == nullptr ? kFailed : kDone;
}

}  // namespace ccr::cli
