// The command line as a tree: each command's subcommands, options and operands. What is parsed,
// what help says and what shells complete are all read from it.
//
// The names of operands and of options' values (type_name) say what completes them: FILE, PATH,
// KEY, PROVIDER, PROVIDER,MODEL, ROUTE, PRESET, LEVEL.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string_view>

#include "cli/options.h"

namespace ccr::cli {

/// A first word of the command line.
struct CommandLine {
    std::string_view name;
    std::string_view group;    // the heading that help lists it under; "" = an alias, not listed
    std::string_view summary;  // one line, at most 60 characters
    void (*describe)(CLI::App& app, Options& options);  // nullptr: takes nothing of its own
};

/// All of them, in the order of help.
std::span<const CommandLine> command_lines();
const CommandLine* find_command_line(std::string_view name);

/// Whether the first word means something by itself, so that no preset can be called so.
bool is_command_word(std::string_view word);

/// Adds what the command takes; parsing `app` fills `options`, which must outlive it.
void describe(const CommandLine& command, CLI::App& app, Options& options);

}  // namespace ccr::cli
