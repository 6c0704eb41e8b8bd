#include "plugin/host_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/log.h"
#include "json/document.h"
#include "json/writer.h"
#include "plugin/embedded.h"
#include "plugin/program_flags.h"
#include "plugin/spawn.h"

extern char** environ;

namespace ccr::plugin {
namespace {

constexpr int kLookAgain = 100;  // ms: a child of the host's may hold its output open
constexpr int kLastReads = 64;   // of what an ended host has left to say
constexpr std::size_t kLongestLine = 16 * 1024;
constexpr auto kHearing = std::chrono::seconds(1);
constexpr int kMostLines = 400;  // in that time
constexpr char kVoice = '\x01';  // what a plugin says begins with it (host/voices.js)

bool can_be_run(const std::string& file) {
    return ::access(file.c_str(), X_OK) == 0;
}

std::string on_path(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "";
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::string file = fmt::format("{}/{}", rest.substr(0, colon), name);
        if (can_be_run(file)) return file;
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    return {};
}

log::Level level_of(std::string_view name) {
    if (name == "trace") return log::Level::trace;
    if (name == "debug") return log::Level::debug;
    if (name == "warn") return log::Level::warn;
    if (name == "error" || name == "fatal") return log::Level::error;
    return log::Level::info;
}

}  // namespace

Result<std::string> host_program(const std::string& named) {
    if (named.find('/') != std::string::npos) {
        if (can_be_run(named)) return named;
        return fail(ErrorKind::config,
                    fmt::format("NODE_PATH_BINARY names {}, which cannot be run; name the file of "
                                "Node 20 or later",
                                named));
    }
    for (const std::string_view name :
         {named.empty() ? std::string_view("node") : std::string_view(named),
          named.empty() ? std::string_view("bun") : std::string_view(named)}) {
        std::string found = on_path(name);
        if (!found.empty()) return found;
    }
    return fail(ErrorKind::config,
                fmt::format("scripts need Node 20 or later, and {} is not on PATH; install it, or "
                            "set NODE_PATH_BINARY to its file",
                            named.empty() ? "node" : named));
}

namespace {

// `node FLAGS - LANES GRANTS`: what the script is told of its grants is for its words alone.
Result<std::vector<std::string>> arguments_of(const config::Scripts& settings,
                                              const GrantSet& grants, std::size_t lanes) {
    TRY(const std::string program, host_program(settings.node));
    std::vector<std::string> out{program};
    if (!program.ends_with("bun"))
        out.push_back(fmt::format("--max-old-space-size={}", settings.memory_mb));
    const config::Permissions& may = grants.permissions;
    if (wants_permission_model(may)) {
        TRY(const std::string flags, program_flags(program));
        auto held = permission_arguments(grants, flags);
        if (!held)
            return fail(ErrorKind::config, fmt::format("the plugin host {} cannot be started: {}",
                                                       program, held.error().message));
        out.insert(out.end(), held->begin(), held->end());
    }
    std::string told;
    json::Writer w(told);
    w.open_object().key("everything").boolean(may.everything || may.all_env);
    w.key("network").boolean(may.everything || may.network).key("env").open_array();
    for (const std::string& name : may.env) w.string(name);
    w.close_array().close_object();
    out.insert(out.end(), {"-", std::to_string(lanes), told});
    return out;
}

}  // namespace

Result<std::shared_ptr<HostProcess>> HostProcess::start(const config::Scripts& settings,
                                                        const GrantSet& grants, std::size_t lanes,
                                                        std::shared_ptr<Roster> roster) {
    const config::Permissions& may = grants.permissions;
    SpawnWish wish;
    TRY(wish.arguments, arguments_of(settings, grants, lanes));
    wish.environment = environment_for(may, environ);
    wish.input = host_script();
    wish.lanes = lanes;
    wish.has_network = may.everything || may.network;
    TRY(Spawned child, spawn(wish));
    const std::string program = wish.arguments[0];
    const std::string granted = describe(may);
    std::shared_ptr<HostProcess> process(new HostProcess(std::move(roster)));
    process->pid_ = child.pid;
    process->output_ = child.output;
    process->lanes_ = std::move(child.lanes);
    process->keeper_ = std::thread([raw = process.get()] { raw->keep(); });
    log::info("the plugin host was started", {{"program", std::string_view(program)},
                                              {"pid", std::int64_t{child.pid}},
                                              {"scripts may use", std::string_view(granted)}});
    return process;
}

HostProcess::~HostProcess() {
    leaving_ = true;
    kill("ccr is ending");
    if (keeper_.joinable()) keeper_.join();
    for (const int end : lanes_) {
        if (end >= 0) ::close(end);
    }
    if (output_ >= 0) ::close(output_);
}

int HostProcess::take_lane(std::size_t lane) {
    const std::lock_guard lock(mutex_);
    return lane < lanes_.size() ? std::exchange(lanes_[lane], -1) : -1;
}

// The number of a process that was waited for may be another's: it is never signalled. What the
// host has started is ended before, while the number of its group is still taken.
void HostProcess::look() {
    if (has_ended_) return;
    siginfo_t seen{};
    const int asked = ::waitid(P_PID, static_cast<id_t>(pid_), &seen, WEXITED | WNOHANG | WNOWAIT);
    if (asked != 0 || seen.si_pid != pid_) return;
    ::kill(-pid_, SIGKILL);
    if (::waitpid(pid_, &status_, 0) == pid_) has_ended_ = true;
}

bool HostProcess::has_ended() {
    const std::lock_guard lock(mutex_);
    look();
    return has_ended_;
}

void HostProcess::kill(const std::string& why) {
    const std::lock_guard lock(mutex_);
    look();
    if (has_ended_) return;
    if (killed_for_.empty()) killed_for_ = why;
    ::kill(-pid_, SIGKILL);
}

std::string HostProcess::how_it_ended() {
    const std::lock_guard lock(mutex_);
    look();
    if (!killed_for_.empty()) return fmt::format("the plugin host was ended: {}", killed_for_);
    if (!has_ended_) return "the plugin host closed its connection";
    if (WIFEXITED(status_))
        return fmt::format("the plugin host ended with exit code {}", WEXITSTATUS(status_));
    return fmt::format("the plugin host was ended by signal {}", WTERMSIG(status_));
}

// Plugins' own words are bounded in the host; what they start may print past it.
void HostProcess::hear(std::string_view line) {
    if (line.empty()) return;
    const auto now = net::Clock::now();
    if (now - hearing_since_ > kHearing) {
        if (unheard_ > 0)
            log::warn(
                fmt::format("{} more lines of plugins within a second were dropped", unheard_),
                {{"plugin", "(host)"}});
        hearing_since_ = now;
        heard_ = unheard_ = 0;
    }
    if (++heard_ > kMostLines) {
        ++unheard_;
        return;
    }
    if (line.front() != kVoice)
        return log::warn(line.substr(0, kLongestLine), {{"plugin", "(host)"}});
    json::Document document;
    const auto said = document.parse(line.substr(1));
    if (!said) return;
    const std::string plugin = (*said)["plugin"].text().decode();
    const std::string message = (*said)["message"].text().decode();
    log::write(level_of((*said)["level"].text().escaped()), message,
               {{"plugin", std::string_view(plugin)}});
}

void HostProcess::keep() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::string text;
    std::array<char, 4096> chunk{};
    int last_reads = 0;
    for (bool open = true; open || !has_ended();) {
        // What holds the output open after the host's end is no longer the host.
        const bool ended = has_ended();
        if (ended && ++last_reads > kLastReads) break;
        pollfd watched{open ? output_ : -1, POLLIN, 0};
        const int wait = open ? kLookAgain : 10;
        const int ready = ::poll(&watched, 1, ended ? 0 : wait);
        if (ready <= 0 && ended) break;
        if (ready <= 0) continue;
        const ssize_t got = ::read(output_, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            open = false;
            continue;
        }
        text.append(chunk.data(), static_cast<std::size_t>(got));
        std::size_t begin = 0;
        for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            hear(std::string_view(text).substr(begin, end - begin));
        text.erase(0, begin);
        if (text.size() > 4 * kLongestLine) text.clear();
    }
    hear(text);
    roster_->ended(pid_);
    if (!leaving_) log::warn(how_it_ended(), {{"pid", std::int64_t{pid_}}});
}

}  // namespace ccr::plugin
