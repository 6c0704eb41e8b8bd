// `ccr service`: ccr as a service of its user's, started by the system.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/own_binary.h"
#include "cli/private_file.h"
#include "cli/run_program.h"
#include "cli/service_unit.h"
#include "cli/terminal.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kManagerTime{30};
constexpr std::string_view kOurs = "ccr service install";

struct Places {
    std::string unit, environment;
};

Places places_of(const Surroundings& here) {
    std::string config = here.environment("XDG_CONFIG_HOME").value_or("");
    if (config.empty()) config = here.paths.user_home + "/.config";
    return {config + "/systemd/user/ccr.service", config + "/ccr.env"};
}

Result<std::string> systemctl(std::vector<std::string> words) {
    words.insert(words.begin(), {"systemctl", "--user"});
    return run_program(words, "/", kManagerTime);
}

Result<void> ensure_parent(const std::string& path) {
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error)
        return fail(ErrorKind::config, fmt::format("{} cannot be made: {}", path, error.message()));
    return {};
}

// Lines that the file has already stay, unless their variable has another value here.
Result<std::size_t> write_variables(const Surroundings& here, const std::string& path) {
    TRY(const Variables named, named_variables(here));
    const std::string before = read_file(path).value_or("");
    const std::string after = with_variables(before, named);
    if (after.empty()) return std::size_t{0};
    TRY_DO(ensure_parent(path));
    // Also when nothing changes: readable by its owner alone.
    TRY_DO(write_private_file(path, after));
    return variables_of(after).size();
}

// A unit that somebody wrote by hand is touched with --yes alone.
Result<void> check_ours(const std::string& text, const std::string& unit, const char* what_to_do) {
    if (text.find(kOurs) != std::string::npos) return {};
    return fail(ErrorKind::invalid_request,
                fmt::format("{} is there, and not of this command; keep it, or {} it with --yes",
                            unit, what_to_do));
}

Result<void> write_unit(const Options& options, const Surroundings& here, const Places& places) {
    const auto before = read_file(places.unit);
    if (before && !options.yes) {
        TRY_DO(check_ours(*before, places.unit, "replace"));
    }
    TRY_DO(ensure_parent(places.unit));
    return write_private_file(
        places.unit,
        service_unit(own_binary(), service_options(options, here), places.environment));
}

int install_unit(const Options& options, const Surroundings& here) {
    const Places places = places_of(here);
    if (const auto written = write_unit(options, here, places); !written)
        return report(written.error());
    const auto variables = write_variables(here, places.environment);
    if (!variables) return report(variables.error());
    fmt::print("{}\n", shortened(here.paths, places.unit));
    if (*variables > 0)
        fmt::print("{} ({} variables, readable by you alone)\n",
                   shortened(here.paths, places.environment), *variables);
    auto told = systemctl({"daemon-reload"});
    if (told) told = systemctl({"enable", "--now", "ccr.service"});
    if (!told) {
        fmt::print(stderr,
                   "ccr: the files are written, but the service could not be started: {}\nWhere "
                   "systemd runs for you:\n"
                   "  systemctl --user daemon-reload && systemctl --user enable --now ccr\n",
                   told.error().message);
        return kFailed;
    }
    fmt::print(
        "The service runs now and whenever you log in. To have it without a login: loginctl "
        "enable-linger\n");
    return kDone;
}

// Whether the system has a manager of services that could be told anything.
bool has_systemctl(const Surroundings& here) {
    const std::string path = here.environment("PATH").value_or("");
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string program = path.substr(begin, end - begin) + "/systemctl";
        if (::access(program.c_str(), X_OK) == 0) return true;
        begin = end + 1;
    }
    return false;
}

// A unit whose service goes on must stay: without it nobody could stop the service.
Result<void> stop_unit(const Surroundings& here, const std::string& unit) {
    if (!has_systemctl(here)) {
        fmt::print(stderr,
                   "ccr: there is no systemctl here, so nothing was stopped; `ccr stop` ends a "
                   "service that runs\n");
        return {};
    }
    const auto told = systemctl({"disable", "--now", "ccr.service"});
    if (told) return {};
    return fail(told.error().kind, fmt::format("the service could not be stopped, so {} stays: {}",
                                               unit, told.error().message));
}

Result<void> remove_unit(const Options& options, const Surroundings& here, const Places& places,
                         const std::string& text) {
    if (!options.yes) {
        TRY_DO(check_ours(text, places.unit, "remove"));
    }
    TRY_DO(stop_unit(here, places.unit));
    std::error_code error;
    fs::remove(places.unit, error);
    if (error) return fail(ErrorKind::config, fmt::format("{}: {}", places.unit, error.message()));
    return {};
}

int uninstall_unit(const Options& options, const Surroundings& here) {
    const Places places = places_of(here);
    const auto before = read_file(places.unit);
    if (!before) {
        fmt::print("No service is installed.\n");
        return kDone;
    }
    const auto removed = remove_unit(options, here, places, *before);
    if (!removed) return report(removed.error());
    if (has_systemctl(here)) {
        const auto reloaded = systemctl({"daemon-reload"});
        if (!reloaded) fmt::print(stderr, "ccr: {}\n", reloaded.error().message);
    }
    fmt::print("Removed {}.\n", shortened(here.paths, places.unit));
    if (read_file(places.environment))
        fmt::print("{} with its variables is left; remove it yourself.\n",
                   shortened(here.paths, places.environment));
    return kDone;
}

std::string first_line(const Result<std::string>& said, const char* otherwise) {
    return said ? said->substr(0, said->find('\n')) : otherwise;
}

int unit_status(const Surroundings& here) {
    const Places places = places_of(here);
    const bool is_there = read_file(places.unit).has_value();
    fmt::print("unit     {}{}\n", shortened(here.paths, places.unit),
               is_there ? "" : " (not installed)");
    if (!is_there) return kFailed;
    const auto active = systemctl({"is-active", "ccr.service"});
    fmt::print("enabled  {}\nactive   {}\n",
               first_line(systemctl({"is-enabled", "ccr.service"}), "no"),
               first_line(active, "no"));
    return active ? kDone : kFailed;
}

}  // namespace

int service_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    if (options.action == "install") return install_unit(options, here);
    if (options.action == "uninstall") return uninstall_unit(options, here);
    return unit_status(here);
}

}  // namespace ccr::cli
