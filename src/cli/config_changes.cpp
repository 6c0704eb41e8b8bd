#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/config_actions.h"
#include "cli/masked.h"
#include "config/json5.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

Json parsed_or_empty(const std::string& text) {
    const auto document = config::parse_json5(text.empty() ? "{}" : text, "");
    return document && document->root->is_object() ? *document->root : Json::object();
}

std::string brief(const Json& value) {
    const std::string text = value.is_string()
                                 ? value.get<std::string>()
                                 : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

Json member(const Json& object, const std::string& name) {
    return object.is_object() && object.contains(name) ? object[name] : Json();
}

void compare(const Json& before, const Json& after, const config::KeyPath& path,
             std::vector<std::string>& out) {
    if (before == after) return;
    const std::string name = config::key_path_text(path);
    if (before.is_null())
        out.push_back(fmt::format("+ {}: {}", name, brief(masked(after, path))));
    else if (after.is_null())
        out.push_back(fmt::format("- {}", name));
    else
        out.push_back(fmt::format("~ {}: {} -> {}", name, brief(masked(before, path)),
                                  brief(masked(after, path))));
}

void compare_members(const Json& before, const Json& after, const config::KeyPath& parent,
                     std::vector<std::string>& out) {
    const auto path_of = [&](const std::string& name) {
        config::KeyPath path = parent;
        path.push_back(name);
        return path;
    };
    for (const auto& [name, value] : after.items())
        compare(member(before, name), value, path_of(name), out);
    for (const auto& [name, value] : before.items()) {
        if (!after.contains(name)) compare(value, {}, path_of(name), out);
    }
}

// A list of providers as members by their names.
Json by_name(const Json& root) {
    Json out = Json::object();
    for (const char* const key : {"Providers", "providers"}) {
        const Json list = member(root, key);
        if (!list.is_array()) continue;
        for (const Json& entry : list) {
            const Json name = member(entry, "name");
            if (entry.is_object()) out[name.is_string() ? name.get<std::string>() : ""] = entry;
        }
        break;
    }
    return out;
}

std::string models_of(const Json& provider) {
    const Json models = member(provider, "models");
    const std::size_t count = models.is_array() ? models.size() : 0;
    return fmt::format("{} model{}", count, count == 1 ? "" : "s");
}

void compare_providers(const Json& before, const Json& after, std::vector<std::string>& out) {
    for (const auto& [name, provider] : after.items()) {
        if (!before.contains(name))
            out.push_back(fmt::format("+ provider {} ({})", name, models_of(provider)));
        else if (before[name] != provider)
            out.push_back(fmt::format("~ provider {} ({})", name, models_of(provider)));
    }
    for (const auto& [name, provider] : before.items()) {
        if (!after.contains(name)) out.push_back(fmt::format("- provider {}", name));
    }
}

}  // namespace

std::vector<std::string> config_changes(const std::string& before, const std::string& after) {
    Json old = parsed_or_empty(before);
    Json fresh = parsed_or_empty(after);
    std::vector<std::string> out;
    compare_providers(by_name(old), by_name(fresh), out);
    const Json no_router = Json::object();
    const auto router = [&](const Json& root) {
        const Json found = member(root, "Router");
        return found.is_object() ? found : no_router;
    };
    compare_members(router(old), router(fresh), {"Router"}, out);
    for (Json* const root : {&old, &fresh}) {
        for (const char* const told : {"Providers", "providers", "Router"}) root->erase(told);
    }
    compare_members(old, fresh, {}, out);
    return out;
}

}  // namespace ccr::cli
