// `ccr plugins`: the user's own JavaScript, as the running service has it; without one, as the
// configuration names it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/surroundings.h"
#include "plugin/roster.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

Result<std::string> ask_for_plugins(const Instance& instance) {
    TRY(ControlAnswer answer, ask_service(instance.socket, "GET", "/plugins"));
    if (answer.status == 200) return std::move(answer.body);
    return fail(ErrorKind::upstream_protocol,
                fmt::format("The running service answered {} on {}; `ccr restart` starts this "
                            "version of it.",
                            answer.status, instance.socket));
}

std::string ago(const Json& script, const char* member, std::int64_t now) {
    return duration_text(std::max<std::int64_t>(0, now - script.value(member, now)));
}

std::string state_of(const Json& script, std::int64_t now) {
    if (script.contains("problem"))
        return fmt::format("cannot be loaded: {}", script.value("problem", ""));
    if (!script.value("loaded", false))
        return script.contains("loaded_at") ? "was loaded; its host has ended" : "not loaded yet";
    const std::string loaded = fmt::format("loaded {} ago in process {}",
                                           ago(script, "loaded_at", now), script.value("host", 0));
    if (script.value("sha256", "") == script.value("loaded_sha256", "")) return loaded;
    return loaded + "; edited since, the next request loads it";
}

std::string text_of_hook(const std::string& hook, const Json& figures) {
    if (figures.value("calls", 0) == 0 && figures.value("failures", 0) == 0)
        return fmt::format("    {:<21} not called\n", hook);
    return fmt::format(
        "    {:<21} {} calls, {} failed; {:.2f} ms p50, {:.2f} mean, {:.1f} in all\n", hook,
        figures.value("calls", 0), figures.value("failures", 0), figures.value("p50_ms", 0.0),
        figures.value("mean_ms", 0.0), figures.value("total_ms", 0.0));
}

std::string text_of_plugin(const Json& script, const Paths& paths, std::int64_t now) {
    const std::string file = script.value("file", "");
    const std::string name = script.value("name", file.substr(file.rfind('/') + 1));
    std::string out =
        fmt::format("{} ({}): {}\n", name, script.value("kind", ""), state_of(script, now));
    if (!file.empty()) {
        const std::string hash = script.value("sha256", "");
        out += fmt::format("    {:<21} {}\n", "file", shortened(paths, file));
        out += fmt::format("    {:<21} {}\n", "sha256", hash.empty() ? "cannot be read" : hash);
    }
    if (script.contains("may_use"))
        out += fmt::format("    {:<21} {}\n", "may use", script.value("may_use", ""));
    const Json hooks = script.value("hooks", Json::object());
    for (const auto& [hook, figures] : hooks.items()) out += text_of_hook(hook, figures);
    if (script.contains("last_failure")) {
        const Json& failure = script["last_failure"];
        out += fmt::format("    {:<21} {} ago, {}: {}\n", "last failure", ago(failure, "at", now),
                           failure.value("hook", ""), failure.value("message", ""));
    }
    return out;
}

int print_plugins(const std::string& told, const Paths& paths, bool as_json) {
    if (as_json) {
        fmt::print("{}", told);
        return kDone;
    }
    const Json answer = Json::parse(told, nullptr, false);
    const Json plugins =
        answer.is_object() ? answer.value("plugins", Json::array()) : Json::array();
    if (plugins.empty()) {
        fmt::print("The configuration names no JavaScript of yours.\n");
        return kDone;
    }
    if (!answer.value("running", false))
        fmt::print("ccr is not running; this is what the configuration names.\n\n");
    const char* separator = "";
    for (const Json& script : plugins) {
        fmt::print("{}{}", separator, text_of_plugin(script, paths, epoch_ms()));
        separator = "\n";
    }
    return kDone;
}

}  // namespace

int plugins_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    const auto config = load(here);
    const std::vector<Instance> instances = running_instances(here.paths);
    const Instance* running = find_wanted(instances, wanted(here, config));
    if (running == nullptr && !config) return report(config.error());
    const auto told = running ? ask_for_plugins(*running)
                              : Result<std::string>(plugin::plugins_json(*config, nullptr));
    if (!told) return report(told.error());
    return print_plugins(*told, here.paths, options.json);
}

}  // namespace ccr::cli
