#include "cli/surroundings.h"

#include <filesystem>
#include <system_error>

#include "store/cards.h"

namespace ccr::cli {

Surroundings surroundings_of(const Options& options, const config::Environment& environment) {
    Surroundings here;
    here.environment = environment;
    if (options.port) {
        here.environment = [environment,
                            port = std::to_string(*options.port)](std::string_view name) {
            return name == "SERVICE_PORT" ? std::optional(port) : environment(name);
        };
    }
    here.port_is_explicit = !here.environment("SERVICE_PORT").value_or("").empty();
    here.paths = paths_of(environment);
    const std::string file = config::config_path(options.config_file, environment);
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(file, failed);
    here.config_file = failed ? file : absolute.lexically_normal().string();
    return here;
}

Result<config::Config> load(const Surroundings& surroundings) {
    TRY(auto config, config::load_config(surroundings.config_file, surroundings.environment));
    store::add_learned(surroundings.paths.state, config);
    return config;
}

Wanted wanted(const Surroundings& surroundings, const Result<config::Config>& config) {
    Wanted out;
    out.port_is_explicit = surroundings.port_is_explicit;
    out.config_file = surroundings.config_file;
    if (config) {
        out.port = config->listen.port;
    } else if (out.port_is_explicit) {
        out.port = parse_port(surroundings.environment("SERVICE_PORT").value_or(""));
    }
    return out;
}

}  // namespace ccr::cli
