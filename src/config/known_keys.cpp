#include "config/known_keys.h"

#include <fmt/format.h>

#include "config/nearest.h"

namespace ccr::config {

std::span<const std::string_view> scenario_names() {
    return kScenarioNames;
}

bool is_comment(std::string_view name) {
    return name.starts_with("//") || name.starts_with('_') || name.starts_with('#') ||
           name == "$schema";
}

bool is_known(const Section& section, std::string_view name) {
    return is_comment(name) || section.others != nullptr || find_key(section, name) != nullptr;
}

void check_names(const Node& object, const Section& section, Report& report,
                 bool (*is_used)(const void*, const std::string&), const void* context) {
    for (const auto& [name, value] : object.members()) {
        if (is_known(section, name) || (is_used != nullptr && is_used(context, name))) continue;
        const auto known = names_of(section);
        const std::string near = nearest(name, std::span<const std::string_view>(known));
        report.warn(
            "unknown-key", value.name_place(),
            fmt::format("\"{}\" is no key of {} and has no effect{}", name, section.of,
                        near.empty() ? "; remove it, or correct its name" : did_you_mean(near)));
    }
}

}  // namespace ccr::config
