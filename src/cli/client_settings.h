// Settings files of the client: where one of them overrules our environment, and the file that
// overrules it in turn. (The client's own settings beat its environment; a file given by --settings
// beats both.)
//
// Reads and writes files; no state of its own. Main thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/client_environment.h"
#include "cli/options.h"
#include "cli/paths.h"

namespace ccr::cli {

/// What of a settings file matters to us.
struct SettingsFile {
    bool is_broken = false;                                      // no JSON object
    std::vector<std::pair<std::string, std::string>> variables;  // its `env`, as texts
    bool has_key_helper = false;                                 // its `apiKeyHelper`
};
SettingsFile read_settings_text(const std::string& text);

/// A settings file that sets one of our variables otherwise.
struct Conflict {
    std::string file;
    std::string variable;
    std::string theirs;  // the value there
};

/// The settings files that the client reads in `directory`, the strongest last.
std::vector<std::string> settings_files(const Paths& paths, const config::Environment& environment,
                                        const std::string& directory);

/// Every variable of ours that these files set to another value, in the order of the files; those
/// that yield aside.
std::vector<Conflict> find_conflicts(const std::vector<std::string>& files,
                                     const std::vector<Variable>& ours);

/// `ours` as it has to overrule these conflicts, without what yields: the entries of a NO_PROXY
/// there are kept.
std::vector<Variable> overruling(std::vector<Variable> ours,
                                 const std::vector<Conflict>& conflicts);

/// What is laid over the client's settings.
struct Overlay {
    std::vector<Variable> variables;
    std::string status_line_command;  // "" = none
    std::string preset_settings =
        {};  // JSON text: a preset's own settings of the client, "" = none
};

/// Settings as JSON: the overlay on top of `base` ("" = nothing, else the user's own --settings as
/// JSON). A preset's settings beat our variables, and the user's own beat the preset's. Error:
/// `base` is no JSON object.
Result<std::string> settings_json(const std::string& base, const Overlay& overlay);

/// The JSON that a value of --settings stands for: itself, or the file it names.
std::optional<std::string> settings_text(const std::string& value);

/// Writes `json` where only this user can read it, named by its content; the path. Files not used
/// for a month are removed.
Result<std::string> write_settings(const Paths& paths, const std::string& json);

}  // namespace ccr::cli
