#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "cli/client_arguments.h"
#include "cli/client_launch.h"
#include "cli/client_settings.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/exit_codes.h"
#include "cli/own_binary.h"
#include "cli/shell_quote.h"

namespace ccr::cli {
namespace {

std::string current_directory() {
    std::error_code failed;
    return std::filesystem::current_path(failed).string();
}

std::string status_line_command(const std::string& preset) {
    const std::string binary = own_binary();
    const bool is_plain = binary.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "/._-+") == std::string::npos;
    const std::string command = (is_plain ? binary : shell_quoted(binary)) + " statusline";
    return preset.empty() ? command : command + " " + shell_quoted(preset);
}

// What makes a settings file necessary, for the line that tells; "" when nothing does.
std::string reason_for_settings(const Paths& paths, const std::vector<Conflict>& conflicts,
                                const ClientLaunch& launch) {
    if (conflicts.empty() && !launch.client_settings.empty())
        return fmt::format("the preset {} has settings of the client", launch.preset);
    if (conflicts.empty()) return launch.has_status_line ? "the status line is enabled" : "";
    std::string out = fmt::format("{} sets {}", shortened(paths, conflicts.front().file),
                                  conflicts.front().variable);
    if (conflicts.size() > 1) out += fmt::format(" and {} more", conflicts.size() - 1);
    return out + ", which would lead past ccr";
}

// The arguments with --settings in front where something needs it.
Result<Arguments> with_settings(const Surroundings& here, const ClientLaunch& launch,
                                const std::vector<Variable>& variables, Arguments arguments) {
    if (is_settingless_subcommand(arguments)) return arguments;
    std::vector<std::string> files =
        settings_files(here.paths, here.environment, current_directory());
    const auto conflicts = find_conflicts(files, variables);
    const std::string reason = reason_for_settings(here.paths, conflicts, launch);
    if (reason.empty()) return arguments;
    const auto own = last_settings(arguments);
    const auto base = own ? settings_text(*own) : std::optional<std::string>("");
    // The client says best what is wrong with a file that cannot be read.
    if (!base) return arguments;
    const Overlay overlay{overruling(variables, conflicts),
                          launch.has_status_line ? status_line_command(launch.status_line_of) : "",
                          launch.client_settings};
    const auto json = settings_json(*base, overlay);
    if (!json) return arguments;
    TRY(const std::string file, write_settings(here.paths, *json));
    arguments = without_settings(arguments);
    arguments.insert(arguments.begin(), {"--settings", file});
    fmt::print(stderr, "ccr: {}; passing --settings {}{}\n", reason, shortened(here.paths, file),
               own ? ", your own --settings included" : "");
    return arguments;
}

void apply(const std::vector<Variable>& variables) {
    for (const auto& [name, value, yields] : variables) {
        if (value) {
            ::setenv(name.c_str(), value->c_str(), 1);
        } else {
            ::unsetenv(name.c_str());
        }
    }
}

int cannot_execute(const std::string& program, int reason) {
    if (reason == ENOENT) {
        fmt::print(stderr,
                   "ccr: the client \"{}\" was not found. Install it with\n"
                   "  npm install -g @anthropic-ai/claude-code\n"
                   "or name its path as CLAUDE_PATH in the configuration or the environment.\n",
                   program);
        return kNotFound;
    }
    fmt::print(stderr, "ccr: the client \"{}\" cannot be run: {}. Check CLAUDE_PATH.\n", program,
               std::generic_category().message(reason));
    return kNotExecutable;
}

int execute(const std::string& program, Arguments& arguments) {
    std::vector<char*> pointers;
    std::string name = program;
    pointers.push_back(name.data());
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::fflush(nullptr);
    ::execvp(program.c_str(), pointers.data());
    return cannot_execute(program, errno);
}

// stdout belongs to the client.
void tell(const ServiceStatus& status, bool started) {
    if (started)
        fmt::print(stderr, "ccr: the service was started at {} (pid {})\n", status.endpoint,
                   status.pid);
    if (status.demo)
        fmt::print(stderr,
                   "ccr: no provider is configured, so the demo answers; see `ccr status`\n");
    if (!started && status.version != CCR_VERSION) {
        fmt::print(stderr,
                   "ccr: the running service is version {}, this is {}; `ccr restart` renews it\n",
                   status.version, CCR_VERSION);
    }
}

// Where a running service is, or would be.
Result<std::string> endpoint_for(const Surroundings& here, const config::Config& config) {
    const Wanted what{config.listen.port, here.port_is_explicit, here.config_file};
    if (const auto running = find_instance(here.paths, what)) return running->status.endpoint;
    if (config.listen.port != 0) return endpoint_of(config.listen.host, config.listen.port);
    return fail(
        ErrorKind::config,
        "PORT is 0, so the address is known only once the service runs: `ccr start` first.");
}

// Where the client is led, with the service running where it is needed.
Result<std::string> endpoint_of_launch(const Surroundings& here, const ClientLaunch& launch) {
    if (launch.direct) return launch.direct->url;
    bool started = false;
    TRY(const Instance running, ensure_running(here, launch.config, started));
    tell(running.status, started);
    return running.status.endpoint + launch.path;
}

}  // namespace

int code_command(const Options& options, const config::Environment& environment,
                 Arguments arguments) {
    const Surroundings here = surroundings_of(options, environment);
    const auto launch = client_launch(here, options.launched_preset);
    if (!launch) return report(launch.error());
    const auto endpoint = endpoint_of_launch(here, *launch);
    if (!endpoint) return report(endpoint.error());
    auto variables = client_environment(launch->config, *endpoint, environment);
    for (Variable& variable : variables) {
        if (launch->direct && variable.name == "ANTHROPIC_AUTH_TOKEN")
            variable.value = launch->direct->key;
    }
    auto vector = with_settings(here, *launch, variables, std::move(arguments));
    if (!vector) return report(vector.error());
    apply(variables);
    return execute(launch->config.launch.claude_path, *vector);
}

int activate_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    const auto config = load(here);
    if (!config) return report(config.error());
    const auto endpoint = endpoint_for(here, *config);
    if (!endpoint) return report(endpoint.error());
    const auto variables = client_environment(*config, *endpoint, environment);
    for (const Conflict& conflict :
         find_conflicts(settings_files(here.paths, environment, current_directory()), variables)) {
        fmt::print(stderr,
                   "ccr: {} sets {}, which beats this environment; `ccr code` overrules it\n",
                   shortened(here.paths, conflict.file), conflict.variable);
    }
    fmt::print("{}", export_lines(variables, shell_named(options.shell)));
    return kDone;
}

}  // namespace ccr::cli
