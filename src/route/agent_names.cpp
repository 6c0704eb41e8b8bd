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

std::string_view without_models_prefix(std::string_view model) {
    constexpr std::string_view kPrefix = "models/";
    return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

}  // namespace ccr::route
