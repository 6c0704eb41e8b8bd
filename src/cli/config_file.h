// ConfigFile: the configuration's text while a command changes it - read, judged, and written whole
// or not at all.
//
// Main thread. Holds a lock of the system, so that two commands do not undo each other's changes.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/surroundings.h"
#include "net/socket_calls.h"

namespace ccr::cli {

class ConfigFile {
  public:
    /// Waits for other commands that change it. Error (config): it cannot be read.
    static Result<ConfigFile> open(const Surroundings& here);

    const std::string& text() const { return text_; }  // "" = there is none
    const std::string& path() const { return here_->config_file; }

    /// Puts `after` in the file's place (0600, the old one kept as a backup, three at most), and
    /// has a running service take it over. Returns what there is to say: new findings and keys that
    /// wait for a restart. Error (config): it cannot be parsed, or, unless `force`, has warnings or
    /// errors that the old text had not; nothing has been written then.
    Result<std::vector<std::string>> replace(const std::string& after, bool force);

  private:
    ConfigFile(const Surroundings& here, net::Descriptor lock, std::string text)
        : here_(&here), lock_(std::move(lock)), text_(std::move(text)) {}

    const Surroundings* here_;
    net::Descriptor lock_;
    std::string text_;
};

/// Has the services that run with this configuration read it now. `may_wait`: the change may be one
/// that waits for a restart; returns a line for each service where it does.
std::vector<std::string> told_services(const Surroundings& here, bool may_wait);

/// Findings of `after` that `before` has not. A variable without a value here may have one where
/// the service runs, so that it is never grave.
struct NewFindings {
    std::vector<config::Finding> all;
    bool is_grave = false;
};
/// Error (config): `after` cannot be parsed.
Result<NewFindings> new_findings(const std::string& before, const std::string& after,
                                 const std::string& file, const config::Environment& environment);

}  // namespace ccr::cli
