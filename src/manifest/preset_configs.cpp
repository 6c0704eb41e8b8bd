#include "manifest/preset_configs.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

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
    bool fetching = false;  // a version's keys, which is not in force yet
    Error trouble;          // of the version that is not in force
};

/// A version that waits for its keys.
struct Waiting {
    std::string name;
    config::Config config;
};

bool has_keys_to_fetch(const config::Config& config) {
    return std::ranges::any_of(config.providers, [](const config::Provider& provider) {
        return config::is_fetched(provider) ||
               std::ranges::any_of(provider.by_key, config::is_fetched);
    });
}

std::unexpected<Error> not_yet(std::string_view name) {
    Error error = make_error(
        ErrorKind::overloaded,
        fmt::format("The keys of the preset {} are being fetched; ask again in a moment.", name));
    error.fault = Fault::gateway;
    error.retry_after = std::chrono::seconds(1);
    return std::unexpected(std::move(error));
}

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

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        wake_.notify_one();
        if (fetcher_.joinable()) fetcher_.join();
    }

    Result<config::ConfigPtr> of(const std::string& name, const config::ConfigPtr& around,
                                 Clock::time_point now) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(name);
        // Only what exists is remembered, so that made-up names take no room.
        if (found == known_.end() && !is_installed(home_, name)) return not_installed(home_, name);
        Known& known = known_[name];
        const bool is_due = known.around != around || now - known.looked_at >= kLookAgain;
        if (is_due && !known.fetching) look(name, around, now, known);
        if (known.config) return known.config;
        if (known.fetching) return not_yet(name);
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
        tell(loaded->findings);
        redact::add_secrets(loaded->secrets);
        if (!has_keys_to_fetch(*loaded)) {
            known.config = completed(*std::move(loaded));
            return;
        }
        known.fetching = true;
        waiting_.push_back({name, *std::move(loaded)});
        if (!fetcher_.joinable()) fetcher_ = std::thread([this] { fetch(); });
        wake_.notify_one();
    }

    void tell(const std::vector<config::Finding>& findings) const {
        for (const config::Finding& finding : findings) {
            const bool is_for_the_log =
                finding.severity != config::Severity::note || finding.code == "script-unrestricted";
            if (is_for_the_log) on_finding_(to_string(finding));
        }
    }

    config::ConfigPtr completed(config::Config config) const {
        if (complete_) complete_(config);
        return std::make_shared<const config::Config>(std::move(config));
    }

    void fetch() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (ending_) return;
            Waiting next = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            config::fetch_keys(next.config);
            redact::add_secrets(next.config.secrets);
            config::ConfigPtr config = completed(std::move(next.config));
            lock.lock();
            Known& known = known_[next.name];
            known.config = std::move(config);
            known.fetching = false;
        }
    }

    std::string home_;
    config::Environment environment_;
    Complete complete_;
    OnFinding on_finding_;
    std::mutex mutex_;
    std::map<std::string, Known, std::less<>> known_;
    std::deque<Waiting> waiting_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::thread fetcher_;
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
