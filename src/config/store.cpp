#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "config/fetch_keys.h"
#include "config/file_watch.h"
#include "config/http_url.h"
#include "config/loader.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;

// Editors touch a file several times for one save.
constexpr auto kQuiet = 50ms;
// A deleted or half-written file gets this long to become whole before it is reported.
constexpr auto kSecondLook = 250ms;
constexpr auto kLongWait = 1h;

// Files that have become unusable change nothing about a TLS listener that runs: it keeps what it
// has read. Whether another one is asked for.
bool is_tls_changed(const Listen& old, Config& fresh) {
    const auto& asked = fresh.listen.tls ? fresh.listen.tls : fresh.listen.unusable_tls;
    const bool changed = asked != old.tls;
    if (!old.tls) return changed;
    for (Finding& finding : fresh.findings) {
        if (!finding.message.ends_with(kTlsNotListened)) continue;
        finding.message.resize(finding.message.size() - kTlsNotListened.size());
        finding.message +=
            "TLS is listened on with what was read before, until a restart, which would leave it "
            "out";
    }
    return changed;
}

// What the running listener and log keep until a restart; the names of the keys that wait.
std::vector<std::string> keep_running(const Config& old, Config& fresh) {
    std::vector<std::string> waiting;
    if (fresh.listen.port != old.listen.port) waiting.emplace_back("PORT");
    if (fresh.listen.host != old.listen.host) waiting.emplace_back("HOST");
    if (fresh.listen.unix_path != old.listen.unix_path) waiting.emplace_back("UNIX_SOCKET");
    if (is_tls_changed(old.listen, fresh)) waiting.emplace_back("TLS");
    if (fresh.limits.buffered != old.limits.buffered) waiting.emplace_back("limits.buffered_mb");
    if (fresh.logging.to_file != old.logging.to_file) waiting.emplace_back("LOG");
    fresh.listen = old.listen;
    fresh.logging.to_file = old.logging.to_file;
    // The socket stays open to the network, so the key that guards it stays as well.
    const auto& tls = old.listen.tls;
    const bool is_open = !is_loopback(old.listen.host) || (tls && !is_loopback(tls->host));
    if (is_open && fresh.access.api_key.empty() && !old.access.api_key.empty()) {
        fresh.access.api_key = old.access.api_key;
        fresh.secrets.push_back(old.access.api_key);
        waiting.emplace_back("APIKEY");
    }
    return waiting;
}

Error gone(const std::string& file) {
    return make_error(ErrorKind::config,
                      fmt::format("{}: the file was removed; the settings in force stay until it "
                                  "is back or ccr is restarted",
                                  file));
}

}  // namespace

class ConfigStore::Impl {
  public:
    Impl(ConfigPtr first, Environment environment, Complete complete)
        : file_(first->file),
          environment_(std::move(environment)),
          complete_(std::move(complete)),
          current_(std::move(first)) {}

    ~Impl() {
        stopping_ = true;
        if (watch_) watch_->wake();
        if (thread_.joinable()) thread_.join();
    }

    ConfigPtr get() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }

    void watch(OnChange on_change, OnBroken on_broken) {
        if (thread_.joinable() || file_.empty()) return;
        on_change_ = std::move(on_change);
        on_broken_ = std::move(on_broken);
        auto watch = FileWatch::open(file_);
        {
            const std::lock_guard lock(mutex_);
            watch_ = std::move(watch);
        }
        thread_ = std::thread([this] { run(); });
    }

    Result<void> reload() {
        TRY(const bool changed, read_now());
        const std::lock_guard lock(mutex_);
        if (changed && watch_) watch_->wake();
        return {};
    }

    void complete_again() {
        if (!complete_) return;
        const std::lock_guard reading(reading_);
        Config copy = *get();
        complete_(copy);
        auto completed = std::make_shared<const Config>(std::move(copy));
        const std::lock_guard lock(mutex_);
        current_ = std::move(completed);
    }

  private:
    // True when another version is in force now; its Change waits for deliver().
    Result<bool> read_now() {
        if (file_.empty()) return false;
        // One reader at a time, so that an older version never replaces a newer one.
        const std::lock_guard reading(reading_);
        auto loaded = load_config(file_, environment_);
        if (!loaded) return std::unexpected(std::move(loaded).error());
        const ConfigPtr before = get();
        if (loaded->fingerprint == before->fingerprint) return false;
        if (loaded->fingerprint == 0) return std::unexpected(gone(file_));
        Change change{before, nullptr, keep_running(*before, *loaded)};
        fetch_keys(*loaded);
        if (complete_) complete_(*loaded);
        change.now = std::make_shared<const Config>(*std::move(loaded));
        const std::lock_guard lock(mutex_);
        current_ = change.now;
        if (watch_) changes_.push_back(std::move(change));
        return true;
    }

    void run() {
        // What happened between the first reading and the start of the watch.
        look();
        while (!stopping_) {
            if (watch_->wait(kLongWait) == FileWatch::Event::changed) {
                settle();
                look();
            }
            deliver();
        }
    }

    // Waits until nothing has happened for a moment, but not forever.
    void settle() {
        for (int i = 0; i < 20 && !stopping_; ++i) {
            if (watch_->wait(kQuiet) == FileWatch::Event::timeout) return;
        }
    }

    void look() {
        auto outcome = read_now();
        if (!outcome && !stopping_) {
            if (watch_->wait(kSecondLook) == FileWatch::Event::changed) settle();
            outcome = read_now();
        }
        deliver();
        if (outcome) {
            last_trouble_.clear();
        } else if (!stopping_ && last_trouble_ != outcome.error().message) {
            last_trouble_ = outcome.error().message;
            if (on_broken_) on_broken_(outcome.error());
        }
    }

    void deliver() {
        while (!stopping_) {
            Change change;
            {
                const std::lock_guard lock(mutex_);
                if (changes_.empty()) return;
                change = std::move(changes_.front());
                changes_.pop_front();
            }
            if (on_change_) on_change_(change);
        }
    }

    const std::string file_;
    const Environment environment_;
    const Complete complete_;
    std::mutex reading_;
    mutable std::mutex mutex_;  // guards current_, changes_ and the setting of watch_
    ConfigPtr current_;
    std::deque<Change> changes_;
    std::unique_ptr<FileWatch> watch_;
    OnChange on_change_;
    OnBroken on_broken_;
    std::string last_trouble_;  // the watcher's own
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

ConfigStore::ConfigStore(ConfigPtr first, Environment environment, Complete complete)
    : impl_(std::make_unique<Impl>(std::move(first), std::move(environment), std::move(complete))) {
}
ConfigStore::~ConfigStore() = default;

ConfigPtr ConfigStore::get() const {
    return impl_->get();
}
void ConfigStore::watch(OnChange on_change, OnBroken on_broken) {
    impl_->watch(std::move(on_change), std::move(on_broken));
}
Result<void> ConfigStore::reload() {
    return impl_->reload();
}
void ConfigStore::complete_again() {
    impl_->complete_again();
}

}  // namespace ccr::config
