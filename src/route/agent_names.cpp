#include "route/agent_names.h"

#include <algorithm>
#include <array>

#include "base/text_case.h"

namespace ccr::route {
namespace {

// OpenAI's reasoning models: "o" and a number, then nothing or a variant ("o3", "o4-mini").
bool is_o_series(std::string_view name) {
    if (!name.starts_with('o')) return false;
    name.remove_prefix(1);
    const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    return digits > 0 && (digits == name.size() || name[digits] == '-');
}

}  // namespace

bool is_claude_name(std::string_view model) {
    return lower_case(model).starts_with("claude-");
}

bool is_agent_name(std::string_view model) {
    static constexpr auto kFamilies =
        std::to_array<std::string_view>({"claude-", "gpt-", "codex-", "gemini-"});
    const std::string name = lower_case(without_models_prefix(model));
    return is_o_series(name) || std::ranges::any_of(kFamilies, [&](std::string_view family) {
               return name.starts_with(family);
           });
}

bool is_small_name(std::string_view model) {
    static constexpr auto kSmall =
        std::to_array<std::string_view>({"haiku", "-mini", "-nano", "flash-lite"});
    if (!is_agent_name(model)) return false;
    const std::string name = lower_case(model);
    return std::ranges::any_of(
        kSmall, [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool is_of_slot(std::string_view model, std::string_view slot) {
    const std::string name = lower_case(model);
    if (name == slot) return true;
    return name.starts_with("claude-") && name.find(slot) != std::string::npos;
}

std::string agent_of(std::string_view user_agent) {
    struct Agent {
        std::string_view begins, name;
    };
    static constexpr auto kAgents = std::to_array<Agent>({{"claude-cli", "claude-code"},
                                                          {"codex", "codex"},
                                                          {"geminicli", "gemini-cli"},
                                                          {"opencode", "opencode"}});
    const std::string lower = lower_case(user_agent);
    for (const Agent& agent : kAgents) {
        if (lower.starts_with(agent.begins)) return std::string(agent.name);
    }
    return "";
}

std::string_view without_models_prefix(std::string_view model) {
    constexpr std::string_view kPrefix = "models/";
    return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

}  // namespace ccr::route
