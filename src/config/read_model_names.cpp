// Router.models: names for models - aliases, wildcards, and Claude Code's slots - and what counts
// as being asked to think.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

ModelName::Kind kind_of(std::string_view name) {
    static constexpr auto kSlots = std::to_array<std::string_view>({"opus", "sonnet", "haiku"});
    if (name.find('*') != std::string_view::npos) return ModelName::Kind::wildcard;
    return std::ranges::find(kSlots, name) != kSlots.end() ? ModelName::Kind::slot
                                                           : ModelName::Kind::alias;
}

bool is_readable_name(const Reading& reading, const std::string& key, const Node& value) {
    if (is_comment(key) || trimmed(key).empty()) return false;
    if (key.find(',') == std::string::npos) return true;
    reading.report.warn("invalid-value", value.name_place(),
                        fmt::format("Router.models: \"{}\" has a comma and so is asked for as a "
                                    "provider's model; choose a name without one",
                                    key));
    return false;
}

struct ThinkWord {
    std::string_view name;
    bool ThinkWhen::* flag;
};
constexpr ThinkWord kThinkWords[] = {{"effort", &ThinkWhen::effort},
                                     {"budget", &ThinkWhen::budget},
                                     {"plan", &ThinkWhen::plan},
                                     {"keyword", &ThinkWhen::keyword},
                                     {"any", &ThinkWhen::any}};

}  // namespace

void read_model_names(const Reading& reading, const Node& node, Config& config) {
    if (node.is_blank()) return;
    if (!node.is_object()) {
        reading.report.warn("wrong-type", node.place(),
                            fmt::format("Router.models should be an object such as {{\"fast\": "
                                        "\"provider,model\"}} but is {}; it is ignored",
                                        node.kind()));
        return;
    }
    std::vector<ModelName> names;
    for (const auto& [key, value] : node.members()) {
        if (!is_readable_name(reading, key, value)) continue;
        const std::string name = lowered(trimmed(key));
        auto ref = read_model_ref(reading, value, fmt::format("Router.models.{}", key), config);
        if (ref) names.push_back({kind_of(name), name, *std::move(ref)});
    }
    std::vector<ModelName>& all = config.routing.models;
    std::erase_if(all, [&](const ModelName& wider) {
        return std::ranges::find(names, wider.name, &ModelName::name) != names.end();
    });
    all.insert(all.begin(), std::make_move_iterator(names.begin()),
               std::make_move_iterator(names.end()));
}

void read_think_when(const Reading& reading, const Node& router, ThinkWhen& out) {
    if (const Node node = router.any_of({"thinkkeywords"}))
        out.keywords = list_of(reading, node, "Router.thinkKeywords");
    for (std::string& keyword : out.keywords) keyword = lowered(keyword);
    const Node node = router.any_of({"thinkwhen"});
    if (!node || node.is_null()) return;
    for (const ThinkWord& word : kThinkWords) out.*word.flag = false;
    for (const std::string& given : list_of(reading, node, "Router.thinkWhen")) {
        const auto* const word = std::ranges::find(kThinkWords, lowered(given), &ThinkWord::name);
        if (word != std::end(kThinkWords))
            out.*word->flag = true;
        else
            reading.report.warn("invalid-value", node.place(),
                                fmt::format("Router.thinkWhen knows effort, budget, plan, keyword "
                                            "and any, not \"{}\"; it is left out",
                                            given));
    }
}

}  // namespace ccr::config
