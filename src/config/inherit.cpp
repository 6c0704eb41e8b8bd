#include "config/inherit.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "config/node.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

// By folded().
constexpr auto kOwn = std::to_array<std::string_view>({"router", "fallback", "customrouterpath",
                                                       "rewritesystemprompt", "statusline",
                                                       "plugins", "forceuseimageagent"});
constexpr auto kWithProviders = std::to_array<std::string_view>({"providers", "transformers"});
// Programs of this machine: a preset that came from elsewhere names none.
constexpr auto kOfTheMachine = std::to_array<std::string_view>({"claudepath", "nodepathbinary"});

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

void make_absolute(Json& path, const std::string& directory) {
    if (!path.is_string()) return;
    const auto& text = path.get_ref<const std::string&>();
    if (text.empty() || text.front() == '/' || text.front() == '~' || text.front() == '$') return;
    path = directory + "/" + text;
}

// What scripts name is relative to the file that it stands in.
void make_paths_absolute(Json& value, const std::string& directory) {
    if (!value.is_structured()) return;
    if (value.is_object()) {
        if (value.contains("path")) make_absolute(value["path"], directory);
        if (value.contains("files") && value["files"].is_array()) {
            for (Json& file : value["files"]) make_absolute(file, directory);
        }
    }
    for (Json& each : value) make_paths_absolute(each, directory);
}

std::string directory_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? "." : file.substr(0, slash);
}

void add_missing(const Json& wider, Json& narrower) {
    for (const auto& [key, value] : wider.items()) {
        if (!narrower.contains(key)) narrower[key] = value;
    }
}

}  // namespace

void inherit(const Config& around, Document& preset) {
    Json wider = Json::parse(around.json, nullptr, false);
    if (!wider.is_object() || !preset.root->is_object()) return;
    for (const char* key : {"transformers", "scripts"}) {
        if (wider.contains(key)) make_paths_absolute(wider[key], directory_of(around.file));
    }
    Json& own = *preset.root;
    std::set<std::string> there;
    for (auto member = own.begin(); member != own.end();) {
        const std::string name = folded(member.key());
        if (is_one_of(kOfTheMachine, name)) {
            member = own.erase(member);
            continue;
        }
        there.insert(name);
        ++member;
    }
    const bool has_providers = there.contains("providers");
    for (const auto& [key, value] : wider.items()) {
        const std::string name = folded(key);
        if (is_one_of(kOwn, name)) continue;
        if (has_providers && is_one_of(kWithProviders, name)) continue;
        if (!there.contains(name))
            own[key] = value;
        else if (key == "scripts" && value.is_object() && own[key].is_object())
            add_missing(value, own[key]);  // a longer deadline lifts no restriction
    }
}

}  // namespace ccr::config
