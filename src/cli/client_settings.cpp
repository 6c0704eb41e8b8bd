#include "cli/client_settings.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/sha256.h"
#include "cli/private_file.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const std::vector<std::string> kLoopback{"127.0.0.1", "localhost"};

Json parsed(const std::string& text) {
    return Json::parse(text, nullptr, false, true);
}

// Values of `env` may be strings, numbers and booleans; the client makes texts of them.
std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_no_proxy(const std::string& name) {
    return name == "NO_PROXY" || name == "no_proxy";
}

// NO_PROXY does not conflict when it holds our hosts among others.
bool agrees(const Variable& ours, const std::string& theirs) {
    if (!ours.value) return theirs.empty();
    if (!is_no_proxy(ours.name)) return theirs == *ours.value;
    return extended_no_proxy(theirs, kLoopback) == theirs;
}

void remove_old(const std::string& directory) {
    const auto oldest = fs::file_time_type::clock::now() - std::chrono::days(30);
    std::error_code failed;
    for (auto entry = fs::directory_iterator(directory, failed);
         !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
        std::error_code ignored;
        const auto written = fs::last_write_time(entry->path(), ignored);
        if (!ignored && written < oldest) fs::remove(entry->path(), ignored);
    }
}

}  // namespace

std::vector<std::string> settings_files(const Paths& paths, const config::Environment& environment,
                                        const std::string& directory) {
    const std::string own = environment("CLAUDE_CONFIG_DIR").value_or("");
    const std::string user = own.empty() ? paths.user_home + "/.claude" : own;
    return {user + "/settings.json", directory + "/.claude/settings.json",
            directory + "/.claude/settings.local.json"};
}

SettingsFile read_settings_text(const std::string& text) {
    SettingsFile out;
    const Json settings = parsed(text);
    out.is_broken = !settings.is_object();
    if (out.is_broken) return out;
    const auto variables = settings.find("env");
    if (variables != settings.end() && variables->is_object()) {
        for (const auto& [name, value] : variables->items())
            out.variables.emplace_back(name, text_of(value));
    }
    const auto helper = settings.find("apiKeyHelper");
    out.has_key_helper =
        helper != settings.end() && helper->is_string() && !helper->get<std::string>().empty();
    return out;
}

std::vector<Conflict> find_conflicts(const std::vector<std::string>& files,
                                     const std::vector<Variable>& ours) {
    std::vector<Conflict> out;
    for (const std::string& file : files) {
        const SettingsFile settings = read_settings_text(read_file(file).value_or(""));
        for (const Variable& variable : ours) {
            if (variable.yields) continue;
            for (const auto& [name, theirs] : settings.variables) {
                if (name == variable.name && !agrees(variable, theirs))
                    out.push_back({file, name, theirs});
            }
        }
    }
    return out;
}

std::vector<Variable> overruling(std::vector<Variable> ours,
                                 const std::vector<Conflict>& conflicts) {
    std::erase_if(ours, &Variable::yields);
    for (const Conflict& conflict : conflicts) {
        if (!is_no_proxy(conflict.variable)) continue;
        const auto variable = std::ranges::find(ours, conflict.variable, &Variable::name);
        if (variable != ours.end()) variable->value = extended_no_proxy(conflict.theirs, kLoopback);
    }
    return ours;
}

namespace {

void add_preset_settings(const std::string& text, const Json& own, Json& settings) {
    const Json more = text.empty() ? Json::object() : parsed(text);
    if (!more.is_object()) return;
    const Json own_variables = own.value("env", Json::object());
    for (const auto& [key, value] : more.items()) {
        if (key == "env" && value.is_object()) {
            for (const auto& [name, variable] : value.items()) {
                if (!own_variables.contains(name)) settings["env"][name] = variable;
            }
        } else if (!own.contains(key)) {
            settings[key] = value;
        }
    }
}

}  // namespace

Result<std::string> settings_json(const std::string& base, const Overlay& overlay) {
    Json settings = base.empty() ? Json::object() : parsed(base);
    const Json own = settings;
    if (!settings.is_object())
        return fail(ErrorKind::config, "The value of --settings is no JSON object.");
    Json& variables = settings["env"];
    if (!variables.is_object()) variables = Json::object();
    for (const Variable& variable : overlay.variables) {
        // A settings file cannot unset; the client takes an empty value for none.
        variables[variable.name] = variable.value.value_or("");
    }
    if (!overlay.status_line_command.empty() && !settings.contains("statusLine")) {
        settings["statusLine"] = {
            {"type", "command"}, {"command", overlay.status_line_command}, {"padding", 0}};
    }
    add_preset_settings(overlay.preset_settings, own, settings);
    return settings.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::string> settings_text(const std::string& value) {
    const auto first = value.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && value[first] == '{') return value;
    return read_file(value);
}

Result<std::string> write_settings(const Paths& paths, const std::string& json) {
    TRY_DO(ensure_private_directory(paths.run));
    TRY_DO(ensure_private_directory(paths.settings));
    remove_old(paths.settings);
    const std::string path = paths.settings + "/ccr-settings-" + sha256_hex(json) + ".json";
    TRY_DO(write_private_file(path, json));
    return path;
}

}  // namespace ccr::cli
