#include "cli/shell_quote.h"

#include <fmt/format.h>

namespace ccr::cli {
namespace {

// What a character becomes between single quotes: fish knows escapes there, PowerShell doubles the
// quote (and takes typographic ones for it, about_Quoting_Rules), POSIX shells have no way but out.
std::string quoted_character(char c, Shell shell) {
    if (shell == Shell::fish && (c == '\'' || c == '\\')) return {'\\', c};
    if (c != '\'') return {c};
    return shell == Shell::powershell ? "''" : "'\\''";
}

std::string set_line(const std::string& name, const std::string& value, Shell shell) {
    const std::string quoted = shell_quoted(value, shell);
    switch (shell) {
        case Shell::fish:
            return fmt::format("set -gx {} {}", name, quoted);
        case Shell::powershell:
            return fmt::format("$env:{} = {}", name, quoted);
        case Shell::posix:
            break;
    }
    return fmt::format("export {}={}", name, quoted);
}

std::string unset_line(const std::string& name, Shell shell) {
    switch (shell) {
        case Shell::fish:
            return "set -e " + name;
        case Shell::powershell:
            return "Remove-Item -ErrorAction Ignore Env:" + name;
        case Shell::posix:
            break;
    }
    return "unset " + name;
}

// U+2018 to U+201B, as UTF-8, end a PowerShell string as the plain quote does.
std::string with_doubled_quotes(std::string text) {
    constexpr std::string_view kLead = "\xe2\x80";
    for (std::size_t at = text.find(kLead); at != std::string::npos && at + 2 < text.size();
         at = text.find(kLead, at)) {
        const bool is_quote = text[at + 2] >= '\x98' && text[at + 2] <= '\x9b';
        if (is_quote) text.insert(at, text.substr(at, 3));
        at += is_quote ? 6 : 3;
    }
    return text;
}

}  // namespace

Shell shell_named(std::string_view name) {
    if (name == "fish") return Shell::fish;
    return name == "powershell" || name == "pwsh" ? Shell::powershell : Shell::posix;
}

std::string shell_quoted(std::string_view text, Shell shell) {
    std::string out = "'";
    for (const char c : text) out += quoted_character(c, shell);
    out += "'";
    return shell == Shell::powershell ? with_doubled_quotes(std::move(out)) : out;
}

std::string export_lines(const std::vector<Variable>& variables, Shell shell) {
    std::string out;
    for (const auto& [name, value, yields] : variables)
        out += (value ? set_line(name, *value, shell) : unset_line(name, shell)) + "\n";
    return out;
}

}  // namespace ccr::cli
