#include "cli/client_arguments.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace ccr::cli {
namespace {

constexpr std::string_view kOption = "--settings";
constexpr std::string_view kOptionWithValue = "--settings=";

constexpr std::array<std::string_view, 22> kSubcommands{"mcp",         "config",
                                                        "update",      "upgrade",
                                                        "doctor",      "install",
                                                        "setup-token", "plugin",
                                                        "plugins",     "auth",
                                                        "import",      "purge",
                                                        "gateway",     "logs",
                                                        "rm",          "stop",
                                                        "kill",        "attach",
                                                        "agents",      "respawn",
                                                        "auto-mode",   "migrate-installer"};

// Calls `settings(value)` for each --settings and `other(argument)` for everything else.
void walk(const Arguments& arguments, const std::function<void(const std::string&)>& settings,
          const std::function<void(const std::string&)>& other) {
    bool options_over = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        options_over = options_over || argument == "--";
        if (!options_over && argument == kOption && i + 1 < arguments.size()) {
            settings(arguments[++i]);
        } else if (!options_over && argument.starts_with(kOptionWithValue)) {
            settings(argument.substr(kOptionWithValue.size()));
        } else {
            other(argument);
        }
    }
}

}  // namespace

bool is_settingless_subcommand(const Arguments& arguments) {
    return !arguments.empty() &&
           std::ranges::find(kSubcommands, arguments.front()) != kSubcommands.end();
}

std::optional<std::string> last_settings(const Arguments& arguments) {
    std::optional<std::string> last;
    walk(arguments, [&](const std::string& value) { last = value; }, [](const std::string&) {});
    return last;
}

Arguments without_settings(const Arguments& arguments) {
    Arguments rest;
    walk(
        arguments, [](const std::string&) {},
        [&](const std::string& argument) { rest.push_back(argument); });
    return rest;
}

}  // namespace ccr::cli
