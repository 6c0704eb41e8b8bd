#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/preset_actions.h"
#include "cli/private_file.h"
#include "cli/run_program.h"
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

// The directory that is written, and the archive that is made of it, where one is wanted.
struct Place {
    std::string directory, archive;
};

Result<Place> place_for(const Options& options, const Surroundings& here, const std::string& name) {
    if (options.output.empty()) {
        TRY_DO(ensure_private_directory(here.paths.presets));
        return Place{manifest::directory_of(here.paths.home, name), ""};
    }
    const std::string out = fs::absolute(options.output).lexically_normal().string();
    if (!is_archive(out)) return Place{out, ""};
    return Place{out + ".tmp/" + name, out};
}

Result<void> pack(const Place& place, const std::string& name) {
    if (place.archive.empty()) return {};
    const std::string around = fs::path(place.directory).parent_path().string();
    auto packed = run_program(
        {"tar", "-czf", place.archive, "--owner=0", "--group=0", "--numeric-owner", name}, around,
        kPackTime);
    std::error_code none;
    fs::remove_all(around, none);
    if (!packed) return std::unexpected(std::move(packed).error());
    return {};
}

Result<Exported> exported(const Options& options, const Surroundings& here,
                          const std::string& name) {
    TRY(const Json raw, raw_configuration(here.config_file));
    Exported out;
    out.sanitized = manifest::sanitized(raw);
    TRY(const Place place, place_for(options, here, name));
    out.place = place.archive.empty() ? place.directory : place.archive;
    std::error_code error;
    if (fs::exists(out.place, error))
        return fail(
            ErrorKind::invalid_request,
            fmt::format("{} is there already; remove it, or choose another name", out.place));
    fs::create_directories(place.directory, error);
    if (error)
        return fail(ErrorKind::config,
                    fmt::format("{} cannot be made: {}", place.directory, error.message()));
    Scripts scripts(here, place.directory);
    TRY_DO(scripts.take(out.sanitized.configuration));
    out.scripts = scripts.count();
    out.providers = out.sanitized.configuration.value("Providers", Json::array()).size();
    const Json manifest = manifest_of(name, options, out.sanitized.configuration);
    TRY_DO(write_private_file(place.directory + "/" + std::string(manifest::kFileName),
                              manifest.dump(2) + "\n"));
    TRY_DO(pack(place, name));
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
    if (!manifest::is_preset_name(name) || find_command_line(name) != nullptr) {
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
