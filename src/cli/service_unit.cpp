#include "cli/service_unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/embedded_unit.h"
#include "config/interpolate.h"
#include "config/read_file.h"
#include "manifest/catalog.h"
#include "manifest/settings.h"

namespace ccr::cli {
namespace {

// systemd replaces % and $ in a unit's words.
std::string unit_word(const std::string& word) {
    std::string out = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '%' || c == '$') out += c;
        out += c;
    }
    return out + "\"";
}

// "ExecStart=%h/.local/bin/ccr start" with another program, and options behind the subcommand.
std::string with_program(std::string_view line, std::string_view key, const std::string& command,
                         const std::vector<std::string>& options) {
    const std::size_t end = line.rfind("/ccr ");
    if (!line.starts_with(key) || end == std::string_view::npos) return std::string(line);
    std::string_view rest = line.substr(end + 4);
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    std::string out = std::string(key) + unit_word(command) + std::string(rest);
    for (const std::string& option : options) out += " " + unit_word(option);
    return out + "\n";
}

Result<void> add_names(config::Document document, const config::Environment& environment,
                       std::set<std::string>& names) {
    for (const std::string& name : config::interpolate(document, environment).names)
        names.insert(name);
    return {};
}

}  // namespace

std::string service_unit(const std::string& command, const std::vector<std::string>& options,
                         const std::string& environment_file) {
    std::string out;
    bool is_head = true;  // tells how to copy the file, which has been done
    for (std::string_view rest = embedded_unit(); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end);
        is_head = is_head && (line.starts_with('#') || line == "\n");
        if (is_head) continue;
        if (line.starts_with("EnvironmentFile="))
            out += "EnvironmentFile=-" + environment_file + "\n";
        else if (line.starts_with("ExecStart="))
            out += with_program(line, "ExecStart=", command, options);
        else
            out += with_program(line, "ExecReload=", command, options);
    }
    return "# Written by `ccr service install`.\n\n" + out;
}

std::vector<std::string> service_options(const Options& options, const Surroundings& here) {
    std::vector<std::string> out;
    const bool names_file =
        !options.config_file.empty() || !here.environment("CCR_CONFIG").value_or("").empty();
    if (names_file) out.insert(out.end(), {"--config", here.config_file});
    // The environment of these surroundings has --port in SERVICE_PORT.
    const auto port = parse_port(here.environment("SERVICE_PORT").value_or(""));
    if (port) out.insert(out.end(), {"--port", std::to_string(*port)});
    return out;
}

Result<Variables> named_variables(const Surroundings& here) {
    std::set<std::string> names;
    TRY(const std::optional<std::string> text, config::read_file(here.config_file));
    if (text) {
        TRY(config::Document document, config::parse_json5(*text, here.config_file));
        TRY_DO(add_names(std::move(document), here.environment, names));
    }
    for (const manifest::Listed& preset : manifest::list_presets(here.paths.home)) {
        if (!preset.manifest) continue;
        auto settings = manifest::settings_of(*preset.manifest);
        if (!settings) continue;
        TRY_DO(add_names(std::move(*settings), here.environment, names));
    }
    Variables out;
    for (const std::string& name : names) {
        const auto value = here.environment(name);
        if (value && !value->empty()) out[name] = *value;
    }
    return out;
}

}  // namespace ccr::cli
