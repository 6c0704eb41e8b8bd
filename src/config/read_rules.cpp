// Router.rules. Half a rule would hold for requests that its writer did not mean, so what is not
// wholly understood is left out, and said.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void leave_out(const Reading& reading, Place place, const Rule& rule, std::string_view why) {
    reading.report.error("rule-ignored", place, fmt::format("{} is ignored: {}", rule.name, why));
}

bool has_known_keys(const Reading& reading, const Node& node, const Rule& rule) {
    for (const auto& [key, value] : node.members()) {
        if (is_comment(key)) continue;
        if (find_key(kRuleSection, key)) continue;
        const auto names = names_of(kRuleSection);
        leave_out(
            reading, value.name_place(), rule,
            fmt::format("\"{}\" is no key of a rule{}", key,
                        did_you_mean(nearest(key, std::span<const std::string_view>(names)))));
        return false;
    }
    return true;
}

bool read_fallbacks(const Reading& reading, const Node& node, const Config& config, Rule& rule) {
    if (node.is_blank()) return true;
    const std::vector<Node> entries = node.is_array() ? node.elements() : std::vector<Node>{node};
    for (const Node& entry : entries) {
        auto ref = read_model_ref(reading, entry, fmt::format("fallback of {}", rule.name), config);
        if (ref) rule.fallback.push_back(*std::move(ref));
    }
    return true;
}

bool read_patches(const Reading& reading, const Node& node, Rule& rule) {
    if (node.is_blank()) return true;
    const std::vector<Node> entries = node.is_array() ? node.elements() : std::vector<Node>{node};
    for (const Node& entry : entries) {
        auto patch = read_wire_patch(reading, entry, fmt::format("a patch of {}", rule.name));
        if (!patch) {
            leave_out(reading, entry.place(), rule, "one of its patches is not understood");
            return false;
        }
        rule.patch.push_back(*std::move(patch));
    }
    return true;
}

bool read_target(const Reading& reading, const Node& node, const Config& config, Rule& rule) {
    if (!node || node.is_null()) return true;
    rule.use = read_model_ref(reading, node, fmt::format("use of {}", rule.name), config);
    if (rule.use) return true;
    leave_out(reading, node.place(), rule, "\"use\" should be \"provider,model\" or an alias");
    return false;
}

bool read_denial(const Reading& reading, const Node& node, Rule& rule) {
    if (!node || node.is_null() || node.boolean() == false) return true;
    if (node.boolean() == true) {
        rule.deny = fmt::format("This request is denied by the routing rule \"{}\".", rule.name);
        return true;
    }
    rule.deny = node.text().value_or("");
    if (!rule.deny.empty()) return true;
    leave_out(reading, node.place(), rule, "\"deny\" should be the message for the client");
    return false;
}

// What follows from the rule, when it applies; false when that is nothing or not to be understood.
bool read_action(const Reading& reading, const Node& node, const Config& config, Rule& rule) {
    if (!read_target(reading, node["use"], config, rule)) return false;
    if (!read_denial(reading, node["deny"], rule)) return false;
    if (!read_patches(reading, node["patch"], rule)) return false;
    read_fallbacks(reading, node["fallback"], config, rule);
    if (rule.use && !rule.deny.empty()) {
        leave_out(reading, node.place(), rule, "it has \"use\" and \"deny\"; remove one of them");
        return false;
    }
    if (!rule.use && rule.deny.empty() && rule.patch.empty()) {
        leave_out(reading, node.place(), rule,
                  "nothing follows from it; add \"use\", \"patch\" or \"deny\"");
        return false;
    }
    if (!rule.use && !rule.fallback.empty()) {
        leave_out(reading, node["fallback"].place(), rule,
                  "\"fallback\" has no effect without \"use\"; add it");
        return false;
    }
    return true;
}

std::optional<Rule> read_rule(const Reading& reading, const Node& node, std::size_t number,
                              const Config& config) {
    Rule rule;
    rule.name = fmt::format("rule {}", number);
    rule.place = node.place();
    if (!node.is_object()) {
        leave_out(reading, node.place(), rule,
                  fmt::format("it should be an object such as {{when: {{model: \"*opus*\"}}, use: "
                              "\"provider,model\"}} but is {}",
                              node.kind()));
        return std::nullopt;
    }
    if (auto name = text_of(reading, node["name"], "name of a rule"); name && !name->empty())
        rule.name = *std::move(name);
    if (!has_known_keys(reading, node, rule)) return std::nullopt;
    auto when = read_conditions(reading, node["when"], rule.name);
    if (!when) return std::nullopt;
    rule.when = *std::move(when);
    if (!read_action(reading, node, config, rule)) return std::nullopt;
    return rule;
}

}  // namespace

void read_rules(const Reading& reading, const Node& node, Config& config) {
    if (node.is_blank()) return;
    if (!node.is_array()) {
        reading.report.error(
            "wrong-type", node.place(),
            fmt::format("Router.rules should be a list of rules but is {}; it is ignored",
                        node.kind()));
        return;
    }
    std::vector<Rule> rules;
    std::size_t number = 0;
    for (const Node& entry : node.elements()) {
        if (auto rule = read_rule(reading, entry, ++number, config))
            rules.push_back(*std::move(rule));
    }
    std::vector<Rule>& all = config.routing.rules;
    all.insert(all.begin(), std::make_move_iterator(rules.begin()),
               std::make_move_iterator(rules.end()));
}

}  // namespace ccr::config
