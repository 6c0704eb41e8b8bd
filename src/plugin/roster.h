// Roster: the user's scripts as they run - which version of each is loaded, how often its hooks
// were called and failed, and how long they took. In memory alone.
//
// Any thread. One per process; hosts and links tell it, `ccr plugins` asks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace ccr::plugin {

/// What is known of the calls of one hook.
struct HookFigures {
    std::int64_t calls = 0, failures = 0;
    double total_ms = 0;
    std::deque<double> recent_ms;  // of the last calls
};

/// One script under one name.
struct RunningScript {
    std::string kind;              // "transformer", "router"
    std::string name;              // "" = it was never loaded
    std::string file;              // "" = unknown: it failed before its file was heard of
    std::string sha256;            // of the version that was loaded last
    std::string problem;           // why it cannot be loaded
    std::vector<std::string> has;  // its hooks
    std::map<std::string, HookFigures> hooks;
    std::int64_t loaded_ms = 0;  // since the epoch
    pid_t host = 0;              // that has it loaded; 0 = none
    std::string failed_hook, failure;
    std::int64_t failed_ms = 0;
};

class Roster {
  public:
    /// What a host tells of its scripts (host/roster.js).
    void hear(std::string_view told, pid_t host);
    /// What a host could not tell: it hung or ended meanwhile.
    void failed(const std::string& plugin, const std::string& hook, const std::string& message);
    void ended(pid_t host);
    std::vector<RunningScript> list() const;

  private:
    RunningScript& entry(std::string_view kind, const std::string& file, const std::string& name);

    mutable std::mutex mutex_;
    std::vector<RunningScript> scripts_;
};

/// The configuration's scripts and what `roster` (nullptr: there is no service) knows of them, as
/// JSON for `ccr plugins`. Reads the files for their hashes.
std::string plugins_json(const config::Config& config, const Roster* roster);

}  // namespace ccr::plugin
