// `ccr statusline`: Claude Code's JSON on standard input, one line for its terminal on standard
// output. Whatever cannot be had costs its own module, never the line.
#include <fmt/format.h>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/input.h"
#include "cli/instances.h"
#include "cli/status_scripts.h"
#include "cli/surroundings.h"
#include "config/json5.h"
#include "config/reading.h"
#include "json/document.h"
#include "manifest/preset_configs.h"
#include "statusline/git_branch.h"
#include "statusline/render.h"

namespace ccr::cli {
namespace {

constexpr std::chrono::milliseconds kServiceTime{200};
constexpr std::chrono::milliseconds kScriptTime{2000};
constexpr std::int64_t kSpeedIsNewMs = 10'000;  // after the end of an answer

std::string value_of(const config::Environment& environment, const char* name) {
    return environment(name).value_or("");
}

// Scripts with a relative path lie beside the configuration.
statusline::Theme theme_for(const Result<config::Config>& config, const Surroundings& here) {
    const config::Environment& environment = here.environment;
    const std::string folder = here.config_file.substr(0, here.config_file.rfind('/'));
    const auto icons = statusline::icons_of(value_of(environment, "USE_SIMPLE_ICONS"),
                                            value_of(environment, "TERM"));
    if (!config || config->launch.status_line.empty()) return statusline::built_in(icons);
    const auto document = config::parse_json5(config->launch.status_line, "StatusLine");
    if (!document) return statusline::built_in(icons);
    statusline::Theme theme = statusline::theme_of(config::Node::root_of(*document), icons);
    for (statusline::Module& module : theme.modules) {
        module.script = config::with_home(std::move(module.script), environment);
        // Never of the folder that the client happens to work in.
        if (!module.script.empty() && !module.script.starts_with('/'))
            module.script = folder + "/" + module.script;
    }
    return theme;
}

// A preset's, where one is named; its line is the main one's where it has none.
Result<config::Config> config_for(const Options& options, const Surroundings& here) {
    auto main = load(here);
    if (!main || options.words.empty()) return main;
    auto preset =
        manifest::load_preset(here.paths.home, options.words.front(), here.environment, *main);
    if (!preset) return main;
    if (preset->launch.status_line.empty()) preset->launch.status_line = main->launch.status_line;
    return preset;
}

statusline::Live live_of(json::View session) {
    statusline::Live out;
    out.cost_usd = session["past"]["cost_usd"].number();
    for (const json::View agent : session["agents"].elements()) {
        if (const auto cost = agent["cost_usd"].number())
            out.cost_usd = out.cost_usd.value_or(0) + *cost;
        if (!agent["agent"].text().empty()) continue;
        out.streaming = agent["state"].text().equals("streaming");
        out.first_token_ms = agent["first_content_ms"].integer().value_or(0);
        const std::int64_t age = epoch_ms() - agent["last_ended_ms"].integer().value_or(0);
        if (age <= kSpeedIsNewMs)
            out.tokens_per_second = agent["tokens_per_second"].number().value_or(0);
    }
    return out;
}

// What the service that has met the session has measured; nothing where none has.
std::optional<statusline::Live> ask_for(const std::string& session, const Paths& paths) {
    if (session.empty() || session.find_first_of("/ ?#\r\n") != std::string::npos)
        return std::nullopt;
    const auto end = std::chrono::steady_clock::now() + kServiceTime;
    for (const std::string& socket : control_sockets(paths)) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        const auto answer = ask_service(socket, "GET", "/sessions/" + session, left);
        if (!answer || answer->status != 200) continue;
        json::Document document;
        if (const auto root = document.parse(answer->body)) return live_of(*root);
    }
    return std::nullopt;
}

std::vector<std::string> texts_of(const statusline::Theme& theme,
                                  const statusline::Variables& variables,
                                  const Result<config::Config>& config) {
    std::vector<std::string> texts = run_status_scripts(
        theme.modules, variables, config ? config->scripts.node : std::string(), kScriptTime);
    for (std::size_t i = 0; i < theme.modules.size(); ++i) {
        if (!theme.modules[i].is_script())
            texts[i] = statusline::filled(theme.modules[i].text, variables);
    }
    return texts;
}

}  // namespace

int statusline_command(const Options& options, const config::Environment& environment) {
    const auto text = read_input("-");
    if (!text) return report(text.error());
    auto input = statusline::read_input(*text);
    if (!input) {
        fmt::print(stderr,
                   "ccr statusline: {}.\nClaude Code runs this command and gives it its session as "
                   "JSON; `ccr code` sets it up where StatusLine.enabled is true.\n",
                   input.error().message);
        return kFailed;
    }
    const Surroundings here = surroundings_of(options, environment);
    const auto config = config_for(options, here);
    statusline::Sources sources{*std::move(input), {}, "", "", {}};
    sources.last = statusline::last_answer(sources.input.transcript);
    if (config && config->routing.fallback_default)
        sources.routed_model = config->routing.fallback_default->model;
    sources.branch = statusline::git_branch(sources.input.directory);
    sources.live = ask_for(sources.input.session, here.paths);
    const statusline::Theme theme = theme_for(config, here);
    const auto texts = texts_of(theme, statusline::variables_of(sources), config);
    const bool colored = value_of(environment, "NO_COLOR").empty();
    fmt::print("{}\n", statusline::render(theme, texts, colored));
    return kDone;
}

}  // namespace ccr::cli
