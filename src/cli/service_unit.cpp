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

constexpr std::string_view kEscaped = "\"\\`$";

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

std::string with_program(std::string_view line, std::string_view key, const std::string& command) {
    const std::size_t end = line.rfind("/ccr ");
    if (!line.starts_with(key) || end == std::string_view::npos) return std::string(line);
    return std::string(key) + unit_word(command) + std::string(line.substr(end + 4));
}

Result<void> add_names(config::Document document, const config::Environment& environment,
                       std::set<std::string>& names) {
    for (const std::string& name : config::interpolate(document, environment).names)
        names.insert(name);
    return {};
}

std::string unquoted(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (!is_quoted) return std::string(text);
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        const bool escapes = text[i] == '\\' && i + 2 < text.size() &&
                             kEscaped.find(text[i + 1]) != std::string_view::npos;
        out += escapes ? text[++i] : text[i];
    }
    return out;
}

}  // namespace

std::string service_unit(const std::string& command, const std::string& environment_file) {
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
        else
            out += with_program(with_program(line, "ExecStart=", command), "ExecReload=", command);
    }
    return "# Written by `ccr service install`.\n\n" + out;
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

std::string environment_text(const Variables& variables) {
    std::string out;
    for (const auto& [name, value] : variables) {
        out += name + "=\"";
        for (const char c : value) {
            if (kEscaped.find(c) != std::string_view::npos) out += '\\';
            out += c;
        }
        out += "\"\n";
    }
    return out;
}

Variables variables_of(const std::string& text) {
    Variables out;
    for (std::size_t begin = 0; begin < text.size();) {
        // A value in quotes may go on over several lines.
        std::size_t end = text.find('\n', begin);
        const std::size_t sign = text.find('=', begin);
        if (sign != std::string::npos && sign < end && sign + 1 < text.size() &&
            text[sign + 1] == '"') {
            std::size_t quote = sign + 2;
            while (quote < text.size() && text[quote] != '"') quote += text[quote] == '\\' ? 2 : 1;
            end = text.find('\n', std::min(quote, text.size()));
        }
        end = std::min(end, text.size());
        const bool is_comment = text[begin] == '#' || text[begin] == ';';
        if (!is_comment && sign != std::string::npos && sign < end)
            out[text.substr(begin, sign - begin)] =
                unquoted(std::string_view(text).substr(sign + 1, end - sign - 1));
        begin = end + 1;
    }
    return out;
}

}  // namespace ccr::cli
