// `ccr provider add`: an entry of Providers, made of a preset or of a URL.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/config_file.h"
#include "cli/input.h"
#include "cli/provider_actions.h"
#include "cli/terminal.h"
#include "config/edit_json5.h"
#include "config/http_url.h"
#include "config/interpolate.h"
#include "config/json5.h"
#include "config/nearest.h"
#include "config/preset.h"
#include "json/utf8.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Error> cannot(std::string why) {
    return fail(ErrorKind::invalid_request, std::move(why));
}

Result<const config::Preset*> preset_of(const Options& options, const std::string& name) {
    const std::string& asked = options.preset.empty() ? name : options.preset;
    const config::Preset* const preset = config::find_preset(asked);
    if (preset != nullptr || (options.preset.empty() && !options.url.empty())) return preset;
    std::vector<std::string> known;
    for (const config::Preset& one : config::presets()) known.push_back(one.name);
    return cannot(fmt::format(
        "There is no preset \"{}\"{}. Name one of {}; or give a provider of your own its URL: "
        "`ccr provider add {} --url https://.../chat/completions`.",
        asked, config::did_you_mean(config::nearest(asked, known)), fmt::join(known, ", "), name));
}

Result<std::string> url_of(const Options& options, const config::Preset* preset) {
    if (!options.url.empty()) {
        if (config::parse_url(options.url)) return options.url;
        return cannot(
            fmt::format("\"{}\" is no URL; a whole one is wanted, with http:// or "
                        "https:// and its path.",
                        options.url));
    }
    if (!preset->wires.empty() && !preset->wires.front().url.empty())
        return preset->wires.front().url;
    return cannot(
        fmt::format("Where {} is depends on the installation: add --url.", preset->title));
}

bool is_local(const std::string& url) {
    const auto parsed = config::parse_url(url);
    return parsed && config::is_loopback(parsed->host);
}

bool is_set(const config::Environment& environment, const std::string& variable) {
    return !variable.empty() && !environment(variable).value_or("").empty();
}

Result<void> take_typed_key(Json& entry, const config::Preset* preset) {
    const std::string variable =
        preset != nullptr && !preset->key_variable.empty() ? preset->key_variable : "NAME_API_KEY";
    if (!can_ask())
        return cannot(
            fmt::format("Where is the key? Name its variable (--key-env {}), a file "
                        "(--key-file), or send it to --key-stdin.",
                        variable));
    TRY(const std::string key, ask_secret("API key (kept in the configuration, 0600):"));
    if (key.empty()) return cannot("No key was entered; nothing was written.");
    entry["api_key"] = config::escaped_literal(key);
    return {};
}

Result<void> take_key(const Options& options, const Surroundings& here,
                      const config::Preset* preset, Json& entry) {
    const int given = (options.key_env.empty() ? 0 : 1) + (options.key_file.empty() ? 0 : 1) +
                      (options.key_stdin ? 1 : 0);
    if (given > 1) return cannot("One of --key-env, --key-file and --key-stdin, not several.");
    if (!options.key_env.empty()) {
        TRY(entry["api_key"], config::reference_to(options.key_env));
        return {};
    }
    if (!options.key_file.empty()) {
        // The service stands elsewhere than who names it here.
        const bool is_whole =
            options.key_file.starts_with('~') || options.key_file.starts_with('$');
        entry["api_key_file"] =
            is_whole ? options.key_file : std::filesystem::absolute(options.key_file).string();
        return {};
    }
    if (options.key_stdin) {
        TRY(std::string key, read_input("-"));
        while (!key.empty() && key.back() <= ' ') key.pop_back();
        if (key.empty()) return cannot("Standard input had no key.");
        if (!json::is_valid_utf8(key)) return cannot("What standard input had is no UTF-8.");
        entry["api_key"] = config::escaped_literal(key);
        return {};
    }
    const std::string usual = preset == nullptr ? "" : preset->key_variable;
    if (is_set(here.environment, usual)) {
        entry["api_key"] = "$" + usual;
        return {};
    }
    const bool needs_none =
        (preset != nullptr && preset->keyless) || is_local(entry["api_base_url"]);
    return needs_none ? Result<void>() : take_typed_key(entry, preset);
}

Result<std::vector<std::string>> models_of(const Options& options) {
    std::vector<std::string> models = options.models;
    if (models.empty() && can_ask()) {
        fmt::print(stderr, "Models, with commas: ");
        std::string line;
        std::getline(std::cin, line);
        for (std::size_t at = 0; at <= line.size();) {
            const std::size_t comma = std::min(line.find(',', at), line.size());
            models.emplace_back(config::trimmed(std::string_view(line).substr(at, comma - at)));
            at = comma + 1;
        }
    }
    std::erase(models, "");
    if (models.empty()) return cannot("Which models? --models a,b names them.");
    return models;
}

config::KeyPath list_path(const config::Node& root, const std::string& name) {
    config::KeyPath path = config::spelled_in(root, {"Providers"});
    const config::Node list = config::node_at(root, path);
    // Without a list one is begun by set_value's caller.
    path.push_back(list.is_object() ? name : std::to_string(list.elements().size()));
    return path;
}

Result<std::string> with_provider(const ConfigFile& file, const std::string& name,
                                  const Json& entry) {
    std::string text = file.text();
    TRY(const config::Document document,
        config::parse_json5(text.empty() ? "{}" : text, file.path()));
    const config::Node root = config::Node::root_of(document);
    const config::KeyPath path = list_path(root, name);
    const config::KeyPath list(path.begin(), path.end() - 1);
    if (config::node_at(root, list).is_blank())
        return config::set_value(std::move(text), file.path(), list, Json::array({entry}).dump(2));
    return config::set_value(std::move(text), file.path(), path, entry.dump(2));
}

// The first provider's first model is where requests go.
Result<std::string> with_default(std::string text, const std::string& file,
                                 const std::string& target, bool& was_set) {
    TRY(const config::Document document, config::parse_json5(text, file));
    const config::Node root = config::Node::root_of(document);
    const config::KeyPath path = config::spelled_in(root, {"Router", "default"});
    was_set = !config::node_at(root, path).is_blank();
    if (was_set) return text;
    return config::set_value(std::move(text), file, path, Json(target).dump());
}

Result<Json> entry_of(const Options& options, const Surroundings& here, const std::string& name) {
    TRY(const config::Preset* const preset, preset_of(options, name));
    Json entry{{"name", name}};
    TRY(entry["api_base_url"], url_of(options, preset));
    if (!options.preset.empty()) entry["preset"] = preset->name;
    TRY_DO(take_key(options, here, preset, entry));
    TRY(entry["models"], models_of(options));
    return entry;
}

}  // namespace

Result<void> add_provider(const Options& options, const Surroundings& here) {
    const std::string name = options.words.front();
    if (name.find(',') != std::string::npos)
        return cannot("A provider's name has no comma in it; --models names the models.");
    TRY(const config::Config config, load(here));
    if (config.find_provider(name) != nullptr)
        return cannot(
            fmt::format("There is a provider {0} already; `ccr model add {0},MODEL` adds "
                        "a model to it, `ccr config edit` changes it.",
                        name));
    TRY(const Json entry, entry_of(options, here, name));
    TRY(ConfigFile file, ConfigFile::open(here));
    TRY(std::string text, with_provider(file, name, entry));
    const std::string first = name + "," + entry["models"][0].get<std::string>();
    bool had_default = false;
    TRY(text, with_default(std::move(text), file.path(), first, had_default));
    TRY(const auto notes, file.replace(text, false));
    fmt::print("{} is added with {} model{}.\n", name, entry["models"].size(),
               entry["models"].size() == 1 ? "" : "s");
    if (!had_default) fmt::print("Router.default is {} now.\n", first);
    for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    fmt::print("`ccr provider test {}` asks whether it answers.\n", name);
    return {};
}

}  // namespace ccr::cli
