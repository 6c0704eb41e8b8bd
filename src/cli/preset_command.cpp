// `ccr preset`: presets of the user's: what there is, and what is in it.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/preset_actions.h"
#include "cli/shipped_presets.h"
#include "cli/table.h"
#include "config/secrets.h"
#include "manifest/catalog.h"
#include "manifest/code_of.h"
#include "manifest/question.h"
#include "manifest/settings.h"

namespace ccr::cli {
namespace {

using manifest::Json;
using manifest::Manifest;

Json summary_of(const Manifest& manifest) {
    Json out{{"id", manifest.id}};
    for (const auto& [key, value] : manifest.root().items()) {
        if (manifest::is_metadata(key)) out[key] = value;
    }
    return out;
}

std::vector<manifest::Listed> available() {
    std::vector<manifest::Listed> out;
    for (const ShippedPreset& preset : shipped_presets())
        out.push_back({std::string(preset.name),
                       manifest::parse_manifest(preset.manifest, std::string(preset.name))});
    return out;
}

std::vector<Cell> row_of(const manifest::Listed& preset) {
    if (!preset.manifest)
        return {{preset.id, Style::bold},
                {"", {}},
                {"cannot be read: " + preset.manifest.error().message, Style::red}};
    return {{preset.id, Style::bold},
            {printable(preset.manifest->text("version")), {}},
            {printable(preset.manifest->text("description")), {}}};
}

int print_json(const Json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    return kDone;
}

// A secret is told of, and not told; the name of a variable is no secret.
Json masked_answers(const Manifest& manifest) {
    Json out = manifest::completed_answers(manifest);
    for (const manifest::Question& question : manifest::questions_of(manifest)) {
        const bool is_secret = question.type == "password" || config::names_secret(question.id);
        const bool is_given =
            is_secret && out.contains(question.id) && out[question.id].is_string();
        if (is_given && !out[question.id].get<std::string>().starts_with('$'))
            out[question.id] = "********";
    }
    return out;
}

Json provider_summaries(const Json& settings) {
    Json out = Json::array();
    for (const Json& provider : settings.value("Providers", Json::array())) {
        if (!provider.is_object()) continue;
        Json one = Json::object();
        for (const char* key : {"name", "preset", "api_base_url", "models"}) {
            if (provider.contains(key)) one[key] = provider[key];
        }
        out.push_back(std::move(one));
    }
    return out;
}

Json described(const Manifest& manifest) {
    Json out = summary_of(manifest);
    out["directory"] = manifest.directory;
    if (const auto settings = manifest::configuration_of(manifest)) {
        out["providers"] = provider_summaries(*settings->root);
        out["router"] = settings->root->value("Router", Json::object());
    }
    const Json answers = masked_answers(manifest);
    out["questions"] = Json::array();
    for (const manifest::Question& question : manifest::questions_of(manifest))
        out["questions"].push_back({{"id", question.id},
                                    {"title", question.title()},
                                    {"type", question.type},
                                    {"answer", answers.value(question.id, Json())}});
    out["code"] = Json::array();
    for (const manifest::Code& code : manifest::code_of(manifest))
        out["code"].push_back({{"what", code.what},
                               {"file", code.file},
                               {"command", code.command},
                               {"sha256", code.checksum}});
    return out;
}

std::string as_line(const Json& value) {
    if (value.is_string()) return printable(value.get<std::string>());
    if (!value.is_array()) return value.is_null() ? "" : value.dump();
    std::string out;
    for (const Json& each : value) out += (out.empty() ? "" : ", ") + as_line(each);
    return out;
}

void print_described(const Json& preset, bool colored) {
    std::vector<std::vector<Cell>> rows;
    const auto add = [&rows](const std::string& name, const std::string& value) {
        if (!value.empty()) rows.push_back({{name, Style::dim}, {value, {}}});
    };
    for (const auto& [key, value] : preset.items()) {
        if (!value.is_structured() || key == "keywords") add(key, as_line(value));
    }
    for (const Json& provider : preset.value("providers", Json::array()))
        add("provider", fmt::format("{}: {}", as_line(provider.value("name", Json())),
                                    as_line(provider.value("models", Json()))));
    const Json router = preset.value("router", Json::object());
    for (const auto& [route, target] : router.items()) add(route, as_line(target));
    for (const Json& question : preset["questions"])
        add("asks", fmt::format("{} ({}): {}", as_line(question["id"]), as_line(question["title"]),
                                as_line(question["answer"])));
    for (const Json& code : preset["code"])
        add("runs", fmt::format("{} {}{}", as_line(code["what"]), as_line(code["file"]),
                                as_line(code["command"])));
    fmt::print("{}", table(rows, colored));
}

int unknown_preset(const std::string& name) {
    return report(make_error(
        ErrorKind::not_found,
        fmt::format("there is no preset \"{}\"; `ccr preset list` tells which there are", name)));
}

}  // namespace

int list_presets(const Options& options, const Surroundings& here) {
    const auto all = options.available ? available() : manifest::list_presets(here.paths.home);
    if (options.json) {
        Json out = Json::array();
        for (const manifest::Listed& preset : all)
            out.push_back(preset.manifest ? summary_of(*preset.manifest)
                                          : Json{{"id", preset.id},
                                                 {"error", preset.manifest.error().message}});
        return print_json(out);
    }
    if (all.empty()) {
        fmt::print(
            "No preset is installed. `ccr preset list --available` tells which ship with ccr.\n");
        return kDone;
    }
    std::vector<std::vector<Cell>> rows;
    for (const manifest::Listed& preset : all) rows.push_back(row_of(preset));
    fmt::print("{}", table(rows, takes_colors(STDOUT_FILENO, here.environment)));
    return kDone;
}

int show_preset(const Options& options, const Surroundings& here) {
    if (!manifest::is_installed(here.paths.home, options.file)) return unknown_preset(options.file);
    const auto manifest =
        manifest::read_manifest(manifest::directory_of(here.paths.home, options.file));
    if (!manifest) return report(manifest.error());
    const Json preset = described(*manifest);
    if (options.json) return print_json(preset);
    print_described(preset, takes_colors(STDOUT_FILENO, here.environment));
    return kDone;
}

int delete_preset(const Options& options, const Surroundings& here) {
    std::error_code error;
    const std::string directory = manifest::directory_of(here.paths.home, options.file);
    if (!manifest::is_preset_name(options.file) || !std::filesystem::is_directory(directory, error))
        return unknown_preset(options.file);
    if (!options.yes) {
        if (!can_ask())
            return report(make_error(ErrorKind::invalid_request,
                                     fmt::format("say --yes to delete {} without being asked",
                                                 shortened(here.paths, directory))));
        if (!ask_yes(fmt::format("Delete {}?", shortened(here.paths, directory)))) return kFailed;
    }
    std::filesystem::remove_all(directory, error);
    if (error)
        return report(
            make_error(ErrorKind::config, fmt::format("{}: {}", directory, error.message())));
    fmt::print("Deleted the preset {}.\n", options.file);
    return kDone;
}

int preset_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    if (options.action == "list" || options.action.empty()) return list_presets(options, here);
    if (options.action == "info") return show_preset(options, here);
    if (options.action == "export") return export_preset(options, here);
    if (options.action == "install") return install_preset(options, here);
    return delete_preset(options, here);
}

int install_command(const Options& options, const config::Environment& environment) {
    return install_preset(options, surroundings_of(options, environment));
}

}  // namespace ccr::cli
