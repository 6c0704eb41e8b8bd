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

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

void inherit(const Config& around, Document& preset) {
    const Json wider = Json::parse(around.json, nullptr, false);
    if (!wider.is_object() || !preset.root->is_object()) return;
    std::set<std::string> there;
    for (const auto& [key, value] : preset.root->items()) there.insert(folded(key));
    const bool has_providers = there.contains("providers");
    for (const auto& [key, value] : wider.items()) {
        const std::string name = folded(key);
        if (there.contains(name) || is_one_of(kOwn, name)) continue;
        if (has_providers && is_one_of(kWithProviders, name)) continue;
        (*preset.root)[key] = value;
    }
}

}  // namespace ccr::config
