// Loader: configuration file to snapshot, and the watch that replaces it when the file changes.
//
// load() is pure but for reading the file and the environment. The store may be asked from any
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"
#include "config/json5.h"

namespace ccr::config {

/// Looks a variable up; injected so that tests need no process environment. nullopt or "" = unset.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
Environment process_environment();

/// Where the configuration is: `option` (--config), else CCR_CONFIG, else
/// ~/.claude-code-router/config.json.
std::string config_path(std::string_view option, const Environment& environment);
/// ~/.claude-code-router (HOME from the environment, else the password database).
std::string home_directory(const Environment& environment);

/// Reads JSON5 text. Error (kind config) only when it cannot be parsed: "file:line:column: what;
/// fix". Everything else that is wrong becomes a Finding of the snapshot.
Result<Config> parse_config(std::string_view text, const std::string& file,
                            const Environment& environment);

/// A configuration inside another: what the preset does not say itself it has from `around`
/// (inherit.h), and whatever it says, it is served by that one's listener, behind that one's key,
/// into that one's log. `file` names where `document` is from. Error as of parse_config().
Result<Config> parse_preset(Document document, const std::string& file,
                            const Environment& environment, const Config& around);

/// parse_config of a file; a missing file gives the built-in configuration (demo).
Result<Config> load_config(const std::string& file, const Environment& environment);

/// Holds the snapshot in force and watches the file's directory (editors replace files). A broken
/// new version leaves the old in force and is reported. Callbacks run on the watcher's own thread.
class ConfigStore {
  public:
    struct Change {
        ConfigPtr before;
        ConfigPtr now;
        std::vector<std::string> needs_restart;  // keys such as PORT, HOST, LOG whose change waits
    };
    using OnChange = std::function<void(const Change&)>;
    using OnBroken = std::function<void(const Error&)>;

    /// Adds to a snapshot what is not in its file.
    using Complete = std::function<void(Config&)>;

    /// `complete` is called with every version but the first, on whichever thread read it.
    ConfigStore(ConfigPtr first, Environment environment, Complete complete = {});
    ~ConfigStore();

    ConfigPtr get() const;
    /// Starts watching; the callbacks must stay valid until the store is destroyed.
    void watch(OnChange on_change, OnBroken on_broken);
    /// Reads the file now; used by the watch and by `ccr` commands.
    Result<void> reload();
    /// What `complete` adds has changed: a copy of the version in force, completed anew, takes its
    /// place without a Change.
    void complete_again();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::config
