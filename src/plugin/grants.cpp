#include "plugin/grants.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "config/loader.h"

namespace ccr::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kAlways = {"HOME",   "LANG", "PATH",
                                                     "TMPDIR", "TZ",   "USER"};

/// `path`, and where it leads.
void add_path(const std::string& path, std::vector<std::string>& out) {
    const auto add = [&out](std::string one) {
        if (!one.empty() && std::ranges::find(out, one) == out.end()) out.push_back(std::move(one));
    };
    add(path);
    std::error_code failed;
    add(fs::weakly_canonical(path, failed).string());
}

fs::path resolved(const fs::path& path) {
    std::error_code failed;
    const fs::path found = fs::weakly_canonical(path, failed);
    return failed ? path.lexically_normal() : found;
}

/// Both resolved.
bool is_at_or_below(const fs::path& path, const fs::path& folder) {
    return std::ranges::mismatch(folder, path).in1 == folder.end();
}

// Whether who reads all of it reads keys: it leads to a configuration, or lies among what ccr keeps
// itself, where only the folder of plugins has none.
bool has_keys(const fs::path& folder, const config::Config& config) {
    const config::Environment environment = config::process_environment();
    const fs::path home = resolved(config::home_directory(environment));
    // A preset's configuration stands in another.
    const std::string around = config::config_path("", environment);
    for (const fs::path& keys : {home, resolved(fs::path(config.file).parent_path()),
                                 resolved(fs::path(around).parent_path())}) {
        if (!keys.empty() && is_at_or_below(keys, folder)) return true;
    }
    return is_at_or_below(folder, home) && !is_at_or_below(folder, resolved(home / "plugins"));
}

// Its folder, with what it requires; but where keys lie there, the file alone and its packages.
void add_own(const std::string& file, const config::Config& config, std::vector<std::string>& out) {
    const std::string folder = fs::path(file).parent_path().string();
    if (!has_keys(resolved(folder), config)) return add_path(folder, out);
    add_path(file, out);
    add_path(folder + "/node_modules", out);
}

std::string key_of(const GrantSet& set) {
    const config::Permissions& may = set.permissions;
    if (may.everything) return {};
    std::string key =
        fmt::format("{:d}{:d}{:d}{:d}", may.all_env, may.all_files, may.network, may.processes);
    for (const auto* list : {&may.env, &may.files, &set.reads}) {
        key += fmt::format(" {}", list->size());
        // With their lengths, as a path may hold whatever would part it from the next.
        for (const std::string& one : *list) key += fmt::format(" {}:{}", one.size(), one);
    }
    return key;
}

GrantSet& set_of(const config::Permissions& permissions, std::vector<GrantSet>& sets) {
    const auto found = std::ranges::find(sets, permissions, &GrantSet::permissions);
    if (found != sets.end()) return *found;
    sets.emplace_back().permissions = permissions;
    return sets.back();
}

}  // namespace

std::vector<GrantSet> grant_sets(const config::Config& config) {
    std::vector<GrantSet> sets;
    const config::Scripts& scripts = config.scripts;
    const auto add = [&](const std::string& file, const config::Permissions& may) -> GrantSet& {
        GrantSet& set = set_of(may, sets);
        if (!may.everything) add_own(file, config, set.reads);
        return set;
    };
    if (!scripts.custom_router.empty())
        add(scripts.custom_router, scripts.router_permissions).has_router = true;
    for (const config::ScriptFile& script : scripts.transformers)
        add(script.file, script.permissions).transformers.push_back(&script);
    for (GrantSet& set : sets) set.key = key_of(set);
    return sets;
}

std::string describe(const config::Permissions& permissions) {
    if (permissions.everything) return "everything that the service may";
    const auto some = [](bool all, const std::vector<std::string>& names, std::string_view what) {
        if (all) return fmt::format("all {}", what);
        if (names.empty()) return fmt::format("no {}", what);
        return fmt::format("{}: {}", what, fmt::join(names, ", "));
    };
    return fmt::format("{}; {}; {}; {}",
                       some(permissions.all_env, permissions.env, "environment variables"),
                       some(permissions.all_files, permissions.files, "files"),
                       permissions.network ? "the network" : "no network",
                       permissions.processes ? "other programs" : "no other programs");
}

bool wants_permission_model(const config::Permissions& permissions) {
    return !permissions.everything && !(permissions.all_files && permissions.processes);
}

Result<std::vector<std::string>> permission_arguments(const GrantSet& set,
                                                      const std::string& flags) {
    const auto has = [&flags](std::string_view flag) {
        return fmt::format(" {} ", flags).find(fmt::format(" {} ", flag)) != std::string::npos;
    };
    std::vector<std::string> out;
    if (has("--permission"))
        out.emplace_back("--permission");
    else if (has("--experimental-permission"))
        out.emplace_back("--experimental-permission");
    else
        return fail(ErrorKind::config,
                    "it has no permission model, so that it cannot be held to \"permissions\"; use "
                    "Node 20 or later");
    const config::Permissions& may = set.permissions;
    const auto allow = [&](std::string_view what, const std::string& path) {
        out.push_back(fmt::format("--allow-fs-{}={}", what, path));
    };
    for (const std::string& path : set.reads) allow("read", path);
    std::vector<std::string> files;
    for (const std::string& root : may.files) add_path(root, files);
    if (may.all_files) files = {"*"};
    for (const std::string& path : files) {
        allow("read", path);
        allow("write", path);
    }
    // Threads and native code are not bound by what binds the host's own script.
    for (const std::string_view flag :
         {"--allow-child-process", "--allow-worker", "--allow-addons", "--allow-wasi"}) {
        if (may.processes && has(flag)) out.emplace_back(flag);
    }
    if (may.network && has("--allow-net")) out.emplace_back("--allow-net");
    for (const std::string_view told : {"ExperimentalWarning", "SecurityWarning"}) {
        if (has("--disable-warning")) out.push_back(fmt::format("--disable-warning={}", told));
    }
    return out;
}

std::vector<std::string> environment_for(const config::Permissions& permissions,
                                         char** environment) {
    std::vector<std::string> out;
    for (char** one = environment; one && *one; ++one) {
        const std::string_view variable = *one;
        const std::string_view name = variable.substr(0, variable.find('='));
        if (permissions.everything || permissions.all_env ||
            std::ranges::find(kAlways, name) != kAlways.end() ||
            std::ranges::find(permissions.env, name) != permissions.env.end())
            out.emplace_back(variable);
    }
    return out;
}

}  // namespace ccr::plugin
