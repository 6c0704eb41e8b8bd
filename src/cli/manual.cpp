#include "cli/manual.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "cli/command_line.h"

namespace ccr::cli {
namespace {

struct Item {
    std::string name, summary;
};

/// One command or subcommand: how it is called, and what it takes.
struct Entry {
    std::string call, summary;
    std::vector<Item> items;
};

std::string with_type(std::string names, const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const bool has_value = option.get_expected_max() > 0 && !type.empty();
    return has_value ? names + " " + type : names;
}

std::string names_of(const CLI::Option& option) {
    std::string out;
    for (const std::string& name : option.get_snames()) out += (out.empty() ? "-" : ", -") + name;
    for (const std::string& name : option.get_lnames()) out += (out.empty() ? "--" : ", --") + name;
    return out;
}

bool is_operand(const CLI::Option& option) {
    return option.get_positional() && option.get_lnames().empty() && option.get_snames().empty();
}

std::string operand_text(const CLI::Option& option) {
    std::string name = option.get_type_name().empty() ? option.get_name() : option.get_type_name();
    if (option.get_expected_max() > 1) name += "...";
    return option.get_required() ? name : "[" + name + "]";
}

bool is_help(const CLI::Option& option) {
    return option.check_lname("help");
}

// Those for itself, then those of its subcommands, each with the words that lead there.
void collect(const CLI::App& app, const std::string& call, const std::string& summary,
             std::vector<Entry>& out) {
    Entry entry{call, summary, {}};
    bool has_options = false;
    std::string operands;
    for (const CLI::Option* option : app.get_options()) {
        if (is_help(*option)) continue;
        if (is_operand(*option)) {
            operands += " " + operand_text(*option);
        } else {
            has_options = true;
            entry.items.push_back(
                {with_type(names_of(*option), *option), option->get_description()});
        }
    }
    entry.call += (has_options ? " [options]" : "") + operands;
    out.push_back(std::move(entry));
    for (const CLI::App* sub : app.get_subcommands({}))
        collect(*sub, call + " " + sub->get_name(), sub->get_description(), out);
}

struct Group {
    std::string title;
    std::vector<Entry> entries;
};

std::vector<Group> all_groups() {
    std::vector<Group> out;
    for (const CommandLine& command : command_lines()) {
        if (command.group.empty()) continue;
        if (out.empty() || out.back().title != command.group)
            out.push_back({std::string(command.group), {}});
        if (out.size() == 1 && out[0].entries.empty())
            out[0].entries.push_back({"ccr code [ARGUMENT...]",
                                      "Starts the service if needed, then becomes the client. What "
                                      "follows `code`, or the name of "
                                      "a preset in its place, is the client's, byte for byte",
                                      {}});
        CLI::App app;
        Options options;
        describe(command, app, options);
        collect(app, "ccr " + std::string(command.name), std::string(command.summary),
                out.back().entries);
    }
    return out;
}

// A line that begins with a dot or a quote is a request to roff; a backslash begins an escape, and
// a plain hyphen may become another character.
std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
    return out;
}

std::string roff_entry(const Entry& entry) {
    std::string out = fmt::format(".TP\n.B {}\n{}.\n", roff(entry.call), roff(entry.summary));
    if (entry.items.empty()) return out;
    out += ".RS\n";
    for (const Item& item : entry.items)
        out += fmt::format(".TP\n.B {}\n{}\n", roff(item.name), roff(item.summary));
    return out + ".RE\n";
}

constexpr std::string_view kHead = R"(.SH NAME
ccr \- a router between coding agents and model providers
.SH SYNOPSIS
.B ccr
.RI [ "\-\-config PATH" ]
.RI [ "\-\-port N" ]
.I command
.RI [ ... ]
.br
.B ccr code
.RI [ argument... ]
.SH DESCRIPTION
Coding agents talk to ccr as to their own provider; it sends each request to the provider and model that the
configuration names, in that provider's own protocol, and brings the answer back.
)";

constexpr std::string_view kTail = R"(.SH EXIT STATUS
0 when it was done, 1 when it was not, 2 when the command line was not understood.
.B ccr code
ends as the client does; 126 and 127 when that cannot be run or found.
.SH ENVIRONMENT
.TP
.B CCR_CONFIG
The configuration file, where \-\-config names none.
.TP
.B SERVICE_PORT
The port, where \-\-port names none; it beats PORT of the configuration.
.TP
.B CLAUDE_PATH
The client that `ccr code` starts.
.TP
.B NO_COLOR
Set to anything: no colours.
.SH FILES
.TP
.I ~/.claude\-code\-router/config.json
The configuration, JSON5.
.TP
.I ~/.claude\-code\-router/presets/
Presets, a directory each.
.TP
.I ~/.claude\-code\-router/logs/
The server log.
.TP
.I ~/.claude\-code\-router/claude\-code\-router.log
The application log: one line for each decision and each outcome.
)";

}  // namespace

std::string manual_page() {
    std::string out =
        fmt::format(".TH CCR 1 \"\" \"ccr {}\" \"User Commands\"\n{}", CCR_VERSION, kHead);
    for (const Group& group : all_groups()) {
        out += fmt::format(".SH \"{}\"\n", roff(group.title));
        for (const Entry& entry : group.entries) out += roff_entry(entry);
    }
    return out += kTail;
}

std::string manual_markdown() {
    std::string out =
        "# Commands\n\nMade from the program by `ccr manual --markdown`; what the commands are for "
        "is told in [cli.md](cli.md).\n";
    for (const Group& group : all_groups()) {
        out += fmt::format("\n## {}\n", group.title);
        for (const Entry& entry : group.entries) {
            out += fmt::format("\n### `{}`\n\n{}.\n", entry.call, entry.summary);
            if (!entry.items.empty()) out += "\n| option | |\n|---|---|\n";
            for (const Item& item : entry.items) {
                std::string name = item.name;
                for (std::size_t at = name.find('|'); at != std::string::npos;
                     at = name.find('|', at + 2))
                    name.insert(at, "\\");
                out += fmt::format("| `{}` | {} |\n", name, item.summary);
            }
        }
    }
    return out;
}

}  // namespace ccr::cli
