// Providers removed, models added and removed: what would not work any longer is told first.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/config_file.h"
#include "cli/provider_actions.h"
#include "cli/terminal.h"
#include "config/edit_json5.h"
#include "config/json5.h"
#include "config/model_ref.h"
#include "config/nearest.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Error> no_such(const std::string& what, const std::string& near) {
    return fail(ErrorKind::not_found,
                fmt::format("There is no {}{}; `ccr provider list` and `ccr model list` tell what "
                            "there is.",
                            what, config::did_you_mean(near)));
}

// The path of a provider's entry as the file spells it.
Result<config::KeyPath> entry_path(const config::Node& root, const std::string& name) {
    const config::KeyPath path = config::spelled_in(root, {"Providers", name});
    if (config::node_at(root, path)) return path;
    std::vector<std::string> known;
    const config::Node list = config::node_at(root, {path.front()});
    for (const config::Node& entry : list.elements())
        known.push_back(entry.any_of({"name"}).text().value_or(""));
    for (const auto& [key, entry] : list.members()) known.push_back(key);
    return no_such("provider " + name, config::nearest(name, known));
}

// A finding of `after`, which has lost some lines of `before`, at its place in that.
config::Finding placed_in(const std::string& before, const std::string& after,
                          config::Finding finding) {
    const auto lines = [](std::string_view text) {
        return static_cast<int>(std::ranges::count(text, '\n'));
    };
    const auto first = std::ranges::mismatch(before, after).in1 - before.begin();
    const int line = 1 + lines(std::string_view(before).substr(0, static_cast<std::size_t>(first)));
    if (finding.place.line >= line) finding.place.line += lines(before) - lines(after);
    return finding;
}

// What the check would say afterwards, and the user's word.
Result<void> may_break(const Options& options, const ConfigFile& file, const std::string& after,
                       const Surroundings& here, const std::string& what) {
    TRY(const NewFindings found, new_findings(file.text(), after, file.path(), here.environment));
    if (!found.is_grave || options.yes) return {};
    std::string told;
    for (const config::Finding& finding : found.all)
        told += "  " + to_string(placed_in(file.text(), after, finding)) + "\n";
    if (!can_ask())
        return fail(ErrorKind::config,
                    fmt::format("Without {} these would not work:\n{}Nothing was written; --yes "
                                "removes it all the same.",
                                what, told));
    fmt::print(stderr, "Without {} these will not work:\n{}", what, told);
    if (ask_yes(fmt::format("Remove {}?", what))) return {};
    return fail(ErrorKind::config, "Nothing was written.");
}

Result<void> put(ConfigFile& file, const std::string& after, bool force, const std::string& told) {
    TRY(const auto notes, file.replace(after, force));
    fmt::print("{}\n", told);
    for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    return {};
}

Result<config::ModelRef> target_of(const Options& options) {
    const auto target = config::parse_model_ref(options.words.front());
    if (target) return *target;
    return fail(
        ErrorKind::invalid_request,
        fmt::format("\"{}\" is no model: it is written PROVIDER,MODEL.", options.words.front()));
}

struct Models {
    config::KeyPath path;            // of the list
    std::vector<std::string> names;  // "" for what is no plain name
};

Result<Models> models_of(const config::Node& root, const config::ModelRef& target) {
    TRY(const config::KeyPath entry, entry_path(root, target.provider));
    Models out;
    out.path = entry;
    out.path.emplace_back("models");
    out.path = config::spelled_in(root, out.path);
    const config::Node list = config::node_at(root, out.path);
    if (list && !list.is_array())
        return fail(ErrorKind::config,
                    fmt::format("The models of {} are {}, no list; `ccr config edit` makes one of "
                                "it.",
                                target.provider, list.kind()));
    for (const config::Node& one : list.elements()) {
        const config::Node named = one.is_object() ? one.any_of({"id", "name", "model"}) : one;
        out.names.push_back(named.text().value_or(""));
    }
    return out;
}

}  // namespace

Result<void> remove_provider(const Options& options, const Surroundings& here) {
    const std::string& name = options.words.front();
    TRY(ConfigFile file, ConfigFile::open(here));
    TRY(const config::Document document,
        config::parse_json5(file.text().empty() ? "{}" : file.text(), file.path()));
    TRY(const config::KeyPath path, entry_path(config::Node::root_of(document), name));
    TRY(const std::string after, config::unset_value(file.text(), file.path(), path));
    TRY_DO(may_break(options, file, after, here, "the provider " + name));
    return put(file, after, true, fmt::format("{} is removed.", name));
}

Result<void> add_model(const Options& options, const Surroundings& here) {
    TRY(const config::ModelRef target, target_of(options));
    TRY(ConfigFile file, ConfigFile::open(here));
    TRY(const config::Document document,
        config::parse_json5(file.text().empty() ? "{}" : file.text(), file.path()));
    TRY(Models models, models_of(config::Node::root_of(document), target));
    if (std::ranges::find(models.names, target.model) != models.names.end()) {
        fmt::print("{} has {} already.\n", target.provider, target.model);
        return {};
    }
    const bool is_first = models.names.empty();
    if (!is_first) models.path.push_back(std::to_string(models.names.size()));
    const Json value = is_first ? Json::array({target.model}) : Json(target.model);
    TRY(const std::string after,
        config::set_value(file.text(), file.path(), models.path, value.dump()));
    return put(file, after, false, fmt::format("{} is added.", to_string(target)));
}

Result<void> remove_model(const Options& options, const Surroundings& here) {
    TRY(const config::ModelRef target, target_of(options));
    TRY(ConfigFile file, ConfigFile::open(here));
    TRY(const config::Document document,
        config::parse_json5(file.text().empty() ? "{}" : file.text(), file.path()));
    TRY(Models models, models_of(config::Node::root_of(document), target));
    const auto found = std::ranges::find(models.names, target.model);
    if (found == models.names.end())
        return no_such("model " + to_string(target), config::nearest(target.model, models.names));
    models.path.push_back(std::to_string(found - models.names.begin()));
    TRY(const std::string after, config::unset_value(file.text(), file.path(), models.path));
    TRY_DO(may_break(options, file, after, here, "the model " + to_string(target)));
    return put(file, after, true, fmt::format("{} is removed.", to_string(target)));
}

}  // namespace ccr::cli
