// `ccr top`: sessions and their agents, live on a terminal, once, or as JSON.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/percent.h"
#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/model_actions.h"
#include "cli/own_binary.h"
#include "cli/surroundings.h"
#include "cli/terminal.h"
#include "cli/top_rows.h"
#include "cli/top_screen.h"
#include "config/project_routing.h"
#include "json/document.h"

extern char** environ;

namespace ccr::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;
// How often the service looks at a session's file, and for a session whose project it has not found
// (config/project_routing.cpp): what is said of the next request holds from then on.
constexpr std::chrono::milliseconds kSecondLook{1050}, kSecondSearch{3050};
constexpr std::chrono::milliseconds kAgain{100};

Result<Instance> service_meant(const Surroundings& here) {
    const auto config = load(here);
    const std::vector<Instance> instances = running_instances(here.paths);
    const Wanted what = wanted(here, config);
    if (const Instance* const found = find_wanted(instances, what)) return *found;
    if (instances.size() == 1 && !what.port_is_explicit) return instances.front();
    return fail(ErrorKind::upstream_unreachable,
                "ccr is not running; `ccr start` starts it, `ccr status` tells of others.");
}

Result<std::string> sessions_of(const std::string& socket) {
    TRY(const ControlAnswer answer, ask_service(socket, "GET", "/sessions"));
    if (answer.status == 200) return answer.body;
    return fail(ErrorKind::upstream_protocol,
                "The running service is of another version; `ccr restart` puts this one in its "
                "place.");
}

std::size_t terminal_width() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return kUsualWidth;
}

int print_once(const std::string& sessions) {
    const std::vector<TopRow> rows = top_rows(sessions);
    const std::size_t width = terminal_width();
    fmt::print("{}\n", top_heading(width));
    for (const TopRow& row : rows) fmt::print("{}\n", top_line(row, width));
    fmt::print("{}\n", top_summary(rows));
    return kDone;
}

// The client writes its session's file a moment after the first request; until then nobody knows
// which project the session is of. "" when it does not come.
std::string project_of_session(const Surroundings& here, const TopRow& row) {
    if (!row.project.empty()) return row.project;
    const auto nothing = std::make_shared<const config::Config>();
    const auto end = std::chrono::steady_clock::now() + kSecondSearch;
    for (auto now = std::chrono::steady_clock::now(); now < end;
         now = std::chrono::steady_clock::now()) {
        const auto found =
            config::ProjectRoutings(here.paths.user_home + "/.claude/projects", here.paths.home,
                                    here.environment, [](const std::string&) {})
                .of(row.session, nothing);
        if (!found.project.empty()) return found.project;
        std::this_thread::sleep_for(kAgain);
    }
    return "";
}

std::string pinned(Options options, const config::Environment& environment, const TopRow& row,
                   const std::string& model) {
    options.action = "set";
    options.words = {model};
    options.session = row.session;
    options.project = project_of_session(surroundings_of(options, environment), row);
    if (options.project.empty())
        return "The client has not written this session's file yet; try again in a moment.";
    const auto told = set_model(options, environment);
    if (told) std::this_thread::sleep_for(row.project.empty() ? kSecondSearch : kSecondLook);
    return told ? fmt::format("Session {} goes to {} from its next request on.",
                              row.session.substr(0, 8), model)
                : told.error().message;
}

std::string cancelled(const std::string& socket, const TopRow& row) {
    const auto answer = ask_service(
        socket, "POST", fmt::format("/sessions/{}/cancel", percent_encode(row.session)));
    if (!answer) return answer.error().message;
    json::Document document;
    const auto root = document.parse(answer->body);
    const auto count = root ? (*root)["cancelled"].integer() : std::nullopt;
    if (!count) return "The running service cannot cancel; `ccr restart` puts this one in place.";
    if (*count == 0) return "Nothing of that session is under way.";
    return fmt::format("{} request{} of session {} cancelled.", *count, *count == 1 ? "" : "s",
                       row.session.substr(0, 8));
}

// Ctrl-C ends the log, not this.
void show_log(const TopRow& row) {
    fmt::print("The log of session {}; Ctrl-C goes back.\n\n", row.session);
    std::fflush(stdout);
    const std::string program = own_binary();
    const std::string arguments[] = {program, "logs", "-f", "--session", row.session};
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const auto before = std::signal(SIGINT, SIG_IGN);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t interrupts;
    ::sigemptyset(&interrupts);
    ::sigaddset(&interrupts, SIGINT);
    ::posix_spawnattr_setsigdefault(&attributes, &interrupts);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    int status = 0;
    if (::posix_spawn(&pid, program.c_str(), nullptr, &attributes, argv.data(), environ) == 0) {
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    }
    ::posix_spawnattr_destroy(&attributes);
    std::signal(SIGINT, before);
}

int run_screen(const Options& options, const config::Environment& environment,
               const Surroundings& here, const Instance& service) {
    TopDoings doings;
    doings.fetch = [&service] { return sessions_of(service.socket); };
    doings.models = [&here] { return models_to_choose(here); };
    doings.pin = [&](const TopRow& row, const std::string& model) {
        return pinned(options, environment, row, model);
    };
    doings.cancel = [&service](const TopRow& row) { return cancelled(service.socket, row); };
    doings.show_log = [](const TopRow& row) { show_log(row); };
    auto screen = TopScreen::open(std::move(doings), takes_colors(STDOUT_FILENO, environment),
                                  fmt::format("ccr top   port {}", service.status.port));
    if (!screen) {
        fmt::print(stderr, "ccr top: {} `ccr top --once` prints it.\n", screen.error().message);
        return kFailed;
    }
    (*screen)->run();
    return kDone;
}

}  // namespace

int top_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    const bool has_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    if (!options.once && !options.json && !has_terminal) {
        fmt::print(stderr,
                   "ccr top needs a terminal; `ccr top --once` prints what it would show, "
                   "`ccr top --json` says it for programs.\n");
        return kUsage;
    }
    const auto service = service_meant(here);
    if (!service) return report(service.error());
    if (!options.once && !options.json) return run_screen(options, environment, here, *service);
    const auto sessions = sessions_of(service->socket);
    if (!sessions) return report(sessions.error());
    if (!options.json) return print_once(*sessions);
    fmt::print("{}\n", *sessions);
    return kDone;
}

}  // namespace ccr::cli
