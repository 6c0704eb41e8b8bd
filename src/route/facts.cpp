#include "route/facts.h"

#include <algorithm>

namespace ccr::route {
namespace {

constexpr std::string_view kDiscoveryPrefix = "anthropic:";
constexpr std::int64_t kUnaskedBudget =
    31'999;  // what Claude Code sends for older models without being asked

// Today's Claude Code sends `thinking` with every request: what tells is an effort above its own
// default (medium for the names it knows, high for others) or a budget other than its usual one.
bool thinking_is_raised(const chat::Conversation& c) {
    using Mode = chat::Thinking::Mode;
    if (!c.thinking || c.thinking->mode == Mode::off) return false;
    if (c.thinking->mode == Mode::budget && c.thinking->budget_tokens != kUnaskedBudget)
        return true;
    if (!c.effort) return false;
    const bool known_name = c.model.escaped().starts_with("claude-");
    return *c.effort > (known_name ? chat::Effort::medium : chat::Effort::high);
}

}  // namespace

std::string_view without_discovery_prefix(std::string_view model) {
    const bool prefixed =
        model.starts_with(kDiscoveryPrefix) && model.find(',') != std::string_view::npos;
    return prefixed ? model.substr(kDiscoveryPrefix.size()) : model;
}

Facts gather(const chat::Conversation& conversation, Protocol client) {
    Facts facts;
    facts.asked_model = without_discovery_prefix(conversation.model.decode());
    facts.client = client;
    facts.web_search = std::ranges::any_of(conversation.tools, [](const chat::Tool& tool) {
        return tool.server_type.escaped().starts_with("web_search");
    });
    facts.thinking_raised = thinking_is_raised(conversation);
    return facts;
}

}  // namespace ccr::route
