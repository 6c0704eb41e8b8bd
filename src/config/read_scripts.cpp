// CUSTOM_ROUTER_PATH, NODE_PATH_BINARY and `scripts`: the user's own JavaScript.
#include <fmt/format.h>

#include <filesystem>

#include "config/file_state.h"
#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void read_router(const Reading& reading, Config& config) {
    constexpr std::string_view kName = "CUSTOM_ROUTER_PATH";
    const Node node = reading.root[kName];
    const auto path = text_of(reading, node, kName);
    if (!path || trimmed(*path).empty()) return;
    config.scripts.custom_router = absolute_path(std::string(trimmed(*path)), reading, config);
    if (state_of(config.scripts.custom_router).exists) return;
    reading.report.warn(
        "script-missing", node.place(),
        fmt::format("{} names {}, which is not there; until it is, Router decides alone", kName,
                    config.scripts.custom_router));
}

std::optional<ScriptFile> read_script(const Reading& reading, const Node& node,
                                      const Permissions& common, const Config& config) {
    const Node path = node.is_object() ? node["path"] : node;
    const auto named = path.text();
    if (!named || trimmed(*named).empty()) {
        reading.report.warn("wrong-type", node.place(),
                            "an entry of transformers is {path, options} with a path; this one is "
                            "ignored");
        return std::nullopt;
    }
    ScriptFile script{absolute_path(std::string(trimmed(*named)), reading, config), "", common};
    if (const auto own = read_permissions(reading, node["permissions"], "permissions", config))
        script.permissions = *own;
    if (node.is_object() && node["options"].is_object()) script.options = node["options"].json();
    if (!state_of(script.file).exists)
        reading.report.warn("script-missing", path.place(),
                            fmt::format("transformers names {}, which is not there; requests that "
                                        "need it fail until it is",
                                        script.file));
    return script;
}

void read_files(const Reading& reading, const Permissions& common, Config& config) {
    const Node list = reading.root["transformers"];
    if (list.is_blank()) return;
    if (!list.is_array()) {
        reading.report.warn(
            "wrong-type", list.place(),
            fmt::format("transformers should be a list but is {}; it is ignored", list.kind()));
        return;
    }
    for (const Node& element : list.elements()) {
        if (auto script = read_script(reading, element, common, config))
            config.scripts.transformers.push_back(*std::move(script));
    }
}

void read_program(const Reading& reading, Config& config) {
    constexpr std::string_view kName = "NODE_PATH_BINARY";
    auto program = text_of(reading, reading.root[kName], kName);
    if (!program || program->empty()) program = reading.environment(kName);
    if (program)
        config.scripts.node = with_home(std::string(trimmed(*program)), reading.environment);
}

void read_memory(const Reading& reading, const Node& node, Scripts& scripts) {
    constexpr double kLeast = 32;
    constexpr double kMost = 65536;
    const auto megabytes = number_of(reading, node, "scripts.memory_mb");
    if (!megabytes) return;
    if (*megabytes >= kLeast && *megabytes <= kMost) {
        scripts.memory_mb = static_cast<std::size_t>(*megabytes);
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("scripts.memory_mb should be from {:.0f} to {:.0f}; {} is used",
                                    kLeast, kMost, scripts.memory_mb));
}

void read_on_failure(const Reading& reading, const Node& node, Scripts& scripts) {
    const auto said = text_of(reading, node, "scripts.on_failure");
    if (!said) return;
    scripts.skip_failed = *said == "skip";
    if (scripts.skip_failed || *said == "fail") return;
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("scripts.on_failure should be \"fail\" or \"skip\"; \"{}\" "
                                    "is ignored",
                                    *said));
}

// The permissions of scripts that have none of their own, and the router's.
Permissions read_common(const Reading& reading, const Node& scripts, Config& config) {
    Permissions common;
    if (!scripts.is_object()) return common;
    if (const auto all =
            read_permissions(reading, scripts["permissions"], "scripts.permissions", config))
        common = *all;
    const auto own = read_permissions(reading, scripts["router_permissions"],
                                      "scripts.router_permissions", config);
    config.scripts.router_permissions = own.value_or(common);
    return common;
}

// Compatible, and nobody should have to guess it.
void tell_unrestricted(const Reading& reading, const Config& config) {
    const Scripts& scripts = config.scripts;
    std::string names;
    const auto add = [&names](const std::string& file, const Permissions& permissions) {
        if (file.empty() || !permissions.everything) return;
        if (!names.empty()) names += ", ";
        names += file.substr(file.rfind('/') + 1);
    };
    add(scripts.custom_router, scripts.router_permissions);
    for (const ScriptFile& script : scripts.transformers) add(script.file, script.permissions);
    if (names.empty()) return;
    reading.report.note("script-unrestricted", {},
                        fmt::format("{} may use all that the service may: its environment, your "
                                    "files, the network, other programs; \"permissions\" narrows "
                                    "it",
                                    names));
}

}  // namespace

void read_scripts(const Reading& reading, Config& config) {
    const Node node = reading.root["scripts"];
    const Permissions common = read_common(reading, node, config);
    read_router(reading, config);
    read_files(reading, common, config);
    read_program(reading, config);
    tell_unrestricted(reading, config);
    if (!node || node.is_null()) return;
    if (!node.is_object()) {
        reading.report.warn(
            "wrong-type", node.place(),
            fmt::format("scripts should be an object but is {}; it is ignored", node.kind()));
        return;
    }
    check_names(node, kScriptSection, reading.report);
    if (const auto time = milliseconds_of(reading, node["router_ms"], "scripts.router_ms"))
        config.scripts.router_time = *time;
    if (const auto time = milliseconds_of(reading, node["transform_ms"], "scripts.transform_ms"))
        config.scripts.transform_time = *time;
    read_memory(reading, node["memory_mb"], config.scripts);
    read_on_failure(reading, node["on_failure"], config.scripts);
}

}  // namespace ccr::config
