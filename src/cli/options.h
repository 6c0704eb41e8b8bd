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
    bool json = false;                  // --json
    std::string action;                 // the subcommand: "set" of `ccr model set`; "" = none
    std::vector<std::string> words;     // what follows it
    std::vector<std::string> headers;   // explain --header
    bool show_body = false;             // explain --body
    std::string encoding;               // tokens --encoding, "" = by the model
    std::string fetch;                  // tokens --fetch, a hub's model or a URL
    std::string model;                  // tokens --model
    std::string file;                   // tokens, explain, config check, import FILE; "-" = stdin
    std::string project;                // project, model --project
    std::string session;                // model --session
    std::string key, value;             // config get, set, unset
    bool as_text = false;               // config set --string
    bool reveal = false;                // config get --reveal
    bool force = false;                 // config set, unset --force
    bool strict = false;                // config check --strict
    bool yes = false;                   // asks nothing
    bool follow = false;                // logs --follow
    std::string request;                // logs --request
    std::string level;                  // logs --level
    std::optional<std::size_t> lines;   // logs --lines
    std::string url, preset;            // provider add
    std::string key_env, key_file;      // provider add
    bool key_stdin = false;             // provider add --key-stdin
    std::vector<std::string> models;    // provider add, test --models
    bool once = false;                  // top --once
    std::string shell = "sh";           // activate --shell
    bool check = false;                 // status --check
    bool markdown = false;              // manual --markdown
    std::string launched_preset;        // `ccr PRESET` in the place of `ccr code`
    std::string name;                   // preset install --name
    std::vector<std::string> sets;      // preset install --set ID=VALUE
    bool trust = false;                 // preset install --trust
    bool available = false;             // preset list --available
    std::string output;                 // preset export --output
    std::string description, author, tags;  // preset export
    bool all = false;                       // doctor --all
    bool offline = false;                   // doctor --offline
    bool cards = false;                     // doctor --cards
    bool forget = false;                    // doctor --forget
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
