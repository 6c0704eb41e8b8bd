#include "cli/config_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "cli/control_client.h"
#include "cli/router_file.h"
#include "config/read_file.h"

namespace ccr::cli {
namespace {

constexpr std::string_view kUnresolved = "unresolved-variable";
constexpr int kTries = 10;
constexpr std::chrono::milliseconds kPauseOfStatus{20};

net::Descriptor locked(const Paths& paths) {
    const std::string path = paths.run + "/config.lock";
    net::Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    while (lock && ::flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) continue;
    return lock;
}

// Whether a running service leaves some of the change to its successor.
bool may_wait_for_restart(const std::string& before, const std::string& after,
                          const Surroundings& here) {
    const auto read = [&](const std::string& text) {
        return config::parse_config(text.empty() ? "{}" : text, here.config_file, here.environment);
    };
    const auto old = read(before);
    const auto fresh = read(after);
    if (!old || !fresh) return false;
    return old->listen.asked_host != fresh->listen.asked_host ||
           old->listen.port != fresh->listen.port || old->listen.tls != fresh->listen.tls ||
           old->listen.unix_path != fresh->listen.unix_path ||
           old->logging.to_file != fresh->logging.to_file ||
           old->limits.buffered != fresh->limits.buffered ||
           old->access.api_key.empty() != fresh->access.api_key.empty();
}

// A change is in force a moment before it is told what waits.
std::vector<std::string> waiting_keys(const std::string& socket) {
    for (int tries = 0; tries < kTries; ++tries) {
        const auto answer = ask_service(socket, "GET", "/status");
        const auto status = answer ? parse_status(answer->body) : Result<ServiceStatus>();
        if (answer && status && !status->needs_restart.empty()) return status->needs_restart;
        std::this_thread::sleep_for(kPauseOfStatus);
    }
    return {};
}

}  // namespace

Result<NewFindings> new_findings(const std::string& before, const std::string& after,
                                 const std::string& file, const config::Environment& environment) {
    TRY(config::Config judged, config::parse_config(after, file, environment));
    std::vector<config::Finding> known;
    if (auto old = config::parse_config(before.empty() ? "{}" : before, file, environment))
        known = std::move(old->findings);
    NewFindings out;
    for (config::Finding& finding : judged.findings) {
        const auto same = [&](const config::Finding& other) {
            return other.code == finding.code && other.message == finding.message;
        };
        if (std::ranges::any_of(known, same)) continue;
        if (finding.severity != config::Severity::note && finding.code != kUnresolved)
            out.is_grave = true;
        out.all.push_back(std::move(finding));
    }
    return out;
}

std::vector<std::string> told_services(const Surroundings& here, bool may_wait) {
    std::vector<std::string> out;
    for (const Instance& instance : running_instances(here.paths)) {
        if (instance.status.config_file != here.config_file) continue;
        const auto answer = ask_service(instance.socket, "POST", "/reload");
        if (!answer || answer->status != 200 || !may_wait) continue;
        const auto keys = waiting_keys(instance.socket);
        if (keys.empty()) continue;
        out.push_back(fmt::format("The service on port {} takes over {} with `ccr restart`.",
                                  instance.status.port, fmt::join(keys, ", ")));
    }
    return out;
}

Result<ConfigFile> ConfigFile::open(const Surroundings& here) {
    TRY_DO(ensure_directories(here.paths));
    net::Descriptor lock = locked(here.paths);
    TRY(auto text, config::read_file(here.config_file));
    return ConfigFile(here, std::move(lock), std::move(text).value_or(""));
}

Result<std::vector<std::string>> ConfigFile::replace(const std::string& after, bool force) {
    std::vector<std::string> told;
    if (after == text_) return told;
    TRY(const NewFindings found, new_findings(text_, after, path(), here_->environment));
    for (const config::Finding& finding : found.all) told.push_back(to_string(finding));
    if (found.is_grave && !force)
        return fail(ErrorKind::config,
                    fmt::format("{}\nNothing was written; --force does it all the same.",
                                fmt::join(told, "\n")));
    TRY_DO(write_router_file({"", "", path()}, text_, after));
    const bool may_wait = may_wait_for_restart(text_, after, *here_);
    text_ = after;
    for (std::string& line : told_services(*here_, may_wait)) told.push_back(std::move(line));
    return told;
}

}  // namespace ccr::cli
