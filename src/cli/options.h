// The options of ccr's own commands. What follows `code` never comes here.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccr::cli {

using Arguments = std::vector<std::string>;

struct Options {
    std::string config_file;            // --config, "" = by CCR_CONFIG or the default
    std::optional<std::uint16_t> port;  // --port
    bool daemon = false;                // start --daemon
    bool json = false;  // status, lessons, plugins, tokens, explain, project, model --json
    std::vector<std::string> words;    // lessons remove N
    std::vector<std::string> headers;  // explain --header
    bool show_body = false;            // explain --body
    std::string encoding;              // tokens --encoding, "" = by the model
    std::string fetch;                 // tokens --fetch, a hub's model or a URL
    std::string model;                 // tokens --model
    std::string file;                  // tokens, explain FILE, "" or "-" = standard input
    std::string project;               // project, model --project
    std::string session;               // model --session
};

/// A port number from 0 to 65535, nothing else around it.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// Parses what follows `command` on top of `options`. Error: the exit code, after a message (or the
/// help that was asked for) has been printed.
std::expected<Options, int> parse_options(const std::string& command, const Arguments& arguments,
                                          Options options);

/// Takes `--config PATH` and `--port N` off the front of the whole command line, so that they can
/// stand before a command whose own arguments are not ours. Error: what is wrong with them.
std::expected<Options, std::string> take_leading_options(Arguments& arguments);

}  // namespace ccr::cli
