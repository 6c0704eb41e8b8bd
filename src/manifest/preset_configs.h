// PresetConfigs: the snapshots that requests to `/preset/NAME/...` are served with.
//
// Any thread. A manifest is looked at once a second at most, and read when it or the configuration
// around it has changed; requests under way keep the snapshot they began with.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"
#include "config/loader.h"

namespace ccr::manifest {

class PresetConfigs {
  public:
    using Clock = std::chrono::steady_clock;
    /// Told of each finding and of each manifest that cannot be read, once per version.
    using OnFinding = std::function<void(const std::string& message)>;
    using Complete = config::ConfigStore::Complete;

    /// `home`: ~/.claude-code-router. `complete` adds to a snapshot what is not in its file (may be
    /// empty).
    PresetConfigs(std::string home, config::Environment environment, Complete complete,
                  OnFinding on_finding);
    ~PresetConfigs();

    /// The preset's snapshot inside `around`. Error (not_found): no preset of that name, naming
    /// those there are; (config): its manifest cannot be read, and was never usable. A manifest
    /// that breaks later leaves its old version in force.
    Result<config::ConfigPtr> of(std::string_view name, const config::ConfigPtr& around,
                                 Clock::time_point now = Clock::now());

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// One preset's configuration, read now. Errors as of PresetConfigs::of(), with the file's place.
Result<config::Config> load_preset(const std::string& home, std::string_view name,
                                   const config::Environment& environment,
                                   const config::Config& around);

}  // namespace ccr::manifest
