#include "manifest/preset_configs.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "base/redact.h"
#include "config/fetch_keys.h"
#include "config/file_state.h"
#include "manifest/catalog.h"
#include "manifest/settings.h"

namespace ccr::manifest {
namespace {

constexpr std::chrono::seconds kLookAgain{1};

struct Known {
    config::ConfigPtr config;  // in force; nullptr = none was ever usable
    config::ConfigPtr around;  // that it was read inside
    config::FileState state;
    PresetConfigs::Clock::time_point looked_at{};
    Error trouble;  // of the version that is not in force
};

std::unexpected<Error> not_installed(const std::string& home, std::string_view name) {
    std::string known;
    for (const Listed& preset : list_presets(home))
        known += (known.empty() ? "" : ", ") + preset.id;
    return fail(ErrorKind::not_found,
                fmt::format("There is no preset \"{}\"; {}.", name,
                            known.empty() ? "none is installed (`ccr preset install`)"
                                          : "installed are " + known));
}

}  // namespace

Result<config::Config> load_preset(const std::string& home, std::string_view name,
                                   const config::Environment& environment,
                                   const config::Config& around) {
    if (!is_installed(home, name)) return not_installed(home, name);
    TRY(const Manifest manifest, read_manifest(directory_of(home, name)));
    TRY(config::Document document, configuration_of(manifest));
    return config::parse_preset(std::move(document), manifest.file(), environment, around);
}

class PresetConfigs::Impl {
  public:
    Impl(std::string home, config::Environment environment, Complete complete, OnFinding on_finding)
        : home_(std::move(home)),
          environment_(std::move(environment)),
          complete_(std::move(complete)),
          on_finding_(std::move(on_finding)) {}

    Result<config::ConfigPtr> of(const std::string& name, const config::ConfigPtr& around,
                                 Clock::time_point now) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(name);
        // Only what exists is remembered, so that made-up names take no room.
        if (found == known_.end() && !is_installed(home_, name)) return not_installed(home_, name);
        Known& known = known_[name];
        const bool is_due = known.around != around || now - known.looked_at >= kLookAgain;
        if (is_due) look(name, around, now, known);
        if (known.config) return known.config;
        Error trouble = known.trouble;
        if (!known.state.exists) known_.erase(name);
        return std::unexpected(std::move(trouble));
    }

  private:
    void look(const std::string& name, const config::ConfigPtr& around, Clock::time_point now,
              Known& known) {
        known.looked_at = now;
        const config::FileState state =
            config::state_of(directory_of(home_, name) + "/" + std::string(kFileName));
        if (known.around == around && known.state == state && state.exists) return;
        known.state = state;
        known.around = around;
        auto loaded = load_preset(home_, name, environment_, *around);
        if (!loaded) {
            known.trouble = std::move(loaded).error();
            if (!state.exists) known.config.reset();
            on_finding_(fmt::format("preset {}: {}", name, known.trouble.message));
            return;
        }
        for (const config::Finding& finding : loaded->findings) {
            if (finding.severity != config::Severity::note) on_finding_(to_string(finding));
        }
        config::fetch_keys(*loaded);
        if (complete_) complete_(*loaded);
        redact::add_secrets(loaded->secrets);
        known.config = std::make_shared<const config::Config>(*std::move(loaded));
    }

    std::string home_;
    config::Environment environment_;
    Complete complete_;
    OnFinding on_finding_;
    std::mutex mutex_;
    std::map<std::string, Known, std::less<>> known_;
};

PresetConfigs::PresetConfigs(std::string home, config::Environment environment, Complete complete,
                             OnFinding on_finding)
    : impl_(std::make_unique<Impl>(std::move(home), std::move(environment), std::move(complete),
                                   std::move(on_finding))) {}
PresetConfigs::~PresetConfigs() = default;

Result<config::ConfigPtr> PresetConfigs::of(std::string_view name, const config::ConfigPtr& around,
                                            Clock::time_point now) {
    return impl_->of(std::string(name), around, now);
}

}  // namespace ccr::manifest
