#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/preset_actions.h"
#include "cli/private_file.h"
#include "cli/run_program.h"
#include "cli/staging.h"
#include "config/read_file.h"
#include "manifest/catalog.h"
#include "manifest/code_of.h"
#include "manifest/sanitize.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;
using manifest::Json;

constexpr std::chrono::seconds kPackTime{60};

Result<Json> raw_configuration(const std::string& file) {
    TRY(const std::optional<std::string> text, config::read_file(file));
    if (!text)
        return fail(ErrorKind::not_found,
                    fmt::format("{} is not there, so there is nothing to export", file));
    TRY(const config::Document document, config::parse_json5(*text, file));
    return *document.root;
}

Json keywords_of(const std::string& tags) {
    Json out = Json::array();
    for (std::size_t begin = 0; begin < tags.size();) {
        const std::size_t end = std::min(tags.find(',', begin), tags.size());
        if (end > begin) out.push_back(tags.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

Json manifest_of(const std::string& name, const Options& options, const Json& configuration) {
    Json out{{"name", name},
             {"version", "1.0.0"},
             {"description", options.description},
             {"author", options.author},
             {"keywords", keywords_of(options.tags)}};
    out.update(configuration);
    return out;
}

std::string absolute_script(const std::string& path, const Surroundings& here) {
    if (path.starts_with("~/")) return here.paths.user_home + path.substr(1);
    return path.starts_with('/') ? path
                                 : fs::path(here.config_file).parent_path().string() + "/" + path;
}

/// Puts each script that the configuration names beside the manifest, and its new place into the
/// configuration.
class Scripts {
  public:
    Scripts(const Surroundings& here, std::string directory)
        : here_(here), directory_(std::move(directory)) {}

    Result<void> take(Json& configuration) {
        TRY_DO(one(configuration, "CUSTOM_ROUTER_PATH"));
        if (configuration.contains("transformers")) {
            for (Json& each : configuration["transformers"]) {
                TRY_DO(one(each, "path"));
            }
        }
        if (!configuration.contains("StatusLine") || !configuration["StatusLine"].is_object())
            return {};
        for (Json& theme : configuration["StatusLine"]) {
            if (!theme.is_object() || !theme.contains("modules")) continue;
            for (Json& module : theme["modules"]) {
                TRY_DO(one(module, "scriptPath"));
            }
        }
        return {};
    }
    int count() const { return count_; }

  private:
    Result<void> one(Json& object, const char* key) {
        if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
        const auto path = object[key].get<std::string>();
        if (path.empty() || path.starts_with('$')) return {};
        const fs::path from = absolute_script(path, here_);
        std::string name = from.filename().string();
        for (int number = 2; fs::exists(fs::path(directory_) / name); ++number)
            name = fmt::format("{}-{}{}", from.stem().string(), number, from.extension().string());
        std::error_code error;
        fs::copy_file(from, fs::path(directory_) / name, error);
        if (error)
            return fail(ErrorKind::config, fmt::format("{}: {} cannot be read: {}", key,
                                                       from.string(), error.message()));
        object[key] = name;
        ++count_;
        return {};
    }

    const Surroundings& here_;
    std::string directory_;
    int count_ = 0;
};

struct Exported {
    std::string place;
    std::size_t providers = 0;
    int scripts = 0;
    manifest::Sanitized sanitized;
};

bool is_archive(const std::string& path) {
    return path.ends_with(".tar.gz") || path.ends_with(".tgz");
}

// Where the result stands: an archive, a directory, or among the presets.
Result<std::string> place_for(const Options& options, const Surroundings& here,
                              const std::string& name) {
    if (options.output.empty()) {
        TRY_DO(ensure_private_directory(here.paths.presets));
        return manifest::directory_of(here.paths.home, name);
    }
    return fs::absolute(options.output).lexically_normal().string();
}

// `tree` is called as the preset is, so that the archive holds it under its name.
Result<void> put(const std::string& tree, const std::string& place) {
    if (!is_archive(place)) return Staging::move(tree, place);
    const fs::path path(tree);
    TRY_DO(run_program({"tar", "-czf", place, "--owner=0", "--group=0", "--numeric-owner",
                        path.filename().string()},
                       path.parent_path().string(), kPackTime));
    return {};
}

Result<Exported> exported(const Options& options, const Surroundings& here,
                          const std::string& name) {
    TRY(const Json raw, raw_configuration(here.config_file));
    Exported out;
    out.sanitized = manifest::sanitized(raw);
    TRY(out.place, place_for(options, here, name));
    std::error_code error;
    if (fs::exists(fs::symlink_status(out.place, error)))
        return fail(
            ErrorKind::invalid_request,
            fmt::format("{} is there already; remove it, or choose another name", out.place));
    TRY(const Staging staging, Staging::make(fs::path(out.place).parent_path().string()));
    const std::string tree = staging.path() + "/" + name;
    fs::create_directory(tree, error);
    if (error)
        return fail(ErrorKind::config, fmt::format("{} cannot be made: {}", tree, error.message()));
    Scripts scripts(here, tree);
    TRY_DO(scripts.take(out.sanitized.configuration));
    out.scripts = scripts.count();
    out.providers = out.sanitized.configuration.value("Providers", Json::array()).size();
    const Json manifest = manifest_of(name, options, out.sanitized.configuration);
    TRY_DO(write_private_file(tree + "/" + std::string(manifest::kFileName),
                              manifest.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"));
    TRY_DO(put(tree, out.place));
    return out;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

int export_preset(const Options& options, const Surroundings& here) {
    const std::string& name = options.file;
    if (!manifest::is_preset_name(name) || is_command_word(name)) {
        return report(make_error(
            ErrorKind::invalid_request,
            fmt::format(
                "\"{}\" cannot be a preset's name; choose letters and digits, and no command",
                name)));
    }
    const auto out = exported(options, here, name);
    if (!out) return report(out.error());
    fmt::print("{}\n{} providers, {} scripts\n", out->place, out->providers, out->scripts);
    if (!out->sanitized.variables.empty())
        fmt::print("Keys became variables that its user sets: {}\n",
                   listed(out->sanitized.variables));
    if (!out->sanitized.left_out.empty())
        fmt::print("Left out, because it is of this machine: {}\n",
                   listed(out->sanitized.left_out));
    fmt::print(
        "Look through it before you give it away. Others install it with `ccr preset install "
        "PATH`.\n");
    return kDone;
}

}  // namespace ccr::cli
