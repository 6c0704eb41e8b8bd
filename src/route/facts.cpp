#include "route/facts.h"

#include <algorithm>
#include <ctime>
#include <ranges>

#include "base/text_case.h"
#include "json/document.h"
#include "route/agent_names.h"

namespace ccr::route {
namespace {

constexpr std::string_view kDiscoveryPrefix = "anthropic:";
constexpr std::string_view kReminder = "<system-reminder>";
constexpr std::string_view kSubagentMark = "cc_is_subagent=true";

bool holds_image(const chat::Part& part) {
    if (const auto* media = part.as<chat::Media>()) return media->kind == chat::MediaKind::image;
    const auto* result = part.as<chat::ToolResult>();
    return result && std::ranges::any_of(result->content, holds_image);
}

const chat::Turn* last_user_turn(const chat::Conversation& c) {
    for (const chat::Turn& turn : c.turns | std::views::reverse) {
        if (turn.role == chat::Role::user) return &turn;
    }
    return nullptr;
}

// A request that offers other tools too is a conversation, whatever it may look up on the way:
// Codex offers its search with every one.
bool is_search_request(const chat::Conversation& c) {
    return !c.tools.empty() && std::ranges::all_of(c.tools, [](const chat::Tool& tool) {
        return tool.server_type.escaped().starts_with("web_search");
    });
}

// An answer of one text called "title" (Claude Code).
bool asks_for_a_title(std::string_view schema) {
    json::Document document;
    const auto root = document.parse(schema);
    if (!root) return false;
    const json::View properties = (*root)["properties"];
    return properties["title"] && properties.size() == 1;
}

// Claude Code asks with a schema, opencode by its system prompt.
bool is_title_request(const chat::Conversation& c) {
    if (!c.tools.empty()) return false;
    if (c.format && !c.format->schema.empty() && asks_for_a_title(c.format->schema)) return true;
    for (const chat::Turn& turn : c.turns) {
        if (turn.role != chat::Role::system) continue;
        for (const chat::Part& part : turn.parts) {
            const auto* prose = part.as<chat::Prose>();
            if (prose && prose->text.escaped().starts_with("You are a title generator"))
                return true;
        }
    }
    return false;
}

// Claude Code's attribution, a system block that means nothing to other protocols, says whose
// request it is unless it is switched off; the header is always there.
bool has_subagent_mark(const chat::Conversation& c) {
    if (c.turns.empty() || c.turns.front().role != chat::Role::system) return false;
    return std::ranges::any_of(c.turns.front().parts, [](const chat::Part& part) {
        const auto* opaque = part.as<chat::Opaque>();
        return opaque && opaque->raw.find(kSubagentMark) != std::string_view::npos;
    });
}

bool asks_the_clock(const config::Routing& routing) {
    return std::ranges::any_of(routing.rules,
                               [](const config::Rule& rule) { return !rule.when.times.empty(); });
}

bool asks_for_thought(const config::Routing& routing) {
    return routing.think || std::ranges::any_of(routing.rules, [](const config::Rule& rule) {
               return !rule.when.efforts.empty() || !rule.when.scenarios.empty();
           });
}

WallClock wall_clock() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return {(local.tm_wday + 6) % 7, local.tm_hour * 60 + local.tm_min};
}

}  // namespace

std::string_view without_discovery_prefix(std::string_view model, const config::Routing& routing) {
    if (!model.starts_with(kDiscoveryPrefix)) return model;
    const std::string_view rest = model.substr(kDiscoveryPrefix.size());
    if (rest.find(',') != std::string_view::npos) return rest;
    // Of other names it may be a part.
    const bool is_alias = std::ranges::any_of(routing.models, [&](const config::ModelName& name) {
        return name.kind == config::ModelName::Kind::alias && name.name == lower_case(rest);
    });
    return is_alias ? rest : model;
}

std::string last_user_text(const chat::Conversation& conversation) {
    std::string out;
    const chat::Turn* turn = last_user_turn(conversation);
    if (!turn) return out;
    for (const chat::Part& part : turn->parts) {
        const auto* prose = part.as<chat::Prose>();
        if (!prose || prose->text.escaped().starts_with(kReminder)) continue;
        if (!out.empty()) out += '\n';
        prose->text.decode_to(out);
    }
    return out;
}

bool is_subagents(const chat::Conversation& conversation, const net::Headers& headers) {
    return headers.get("x-claude-code-agent-id").has_value() || has_subagent_mark(conversation);
}

Facts gather(const chat::Conversation& conversation, Protocol client, const net::Headers& headers,
             const config::Routing& routing) {
    Facts facts;
    facts.asked_model = without_discovery_prefix(conversation.model.decode(), routing);
    facts.header_choice = headers.get("x-ccr-model").value_or("");
    facts.client = client;
    facts.agent = agent_of(headers.get("user-agent").value_or(""));
    facts.web_search = is_search_request(conversation);
    facts.is_title_request = is_title_request(conversation);
    const chat::Turn* const last = last_user_turn(conversation);
    for (const chat::Turn& turn : conversation.turns) {
        const bool holds = std::ranges::any_of(turn.parts, holds_image);
        (&turn == last ? facts.has_images : facts.had_images) |= holds;
    }
    facts.is_subagent = is_subagents(conversation, headers);
    if (asks_for_thought(routing)) facts.thought = thought_of(conversation, routing.think_when);
    if (asks_the_clock(routing)) facts.now = wall_clock();
    facts.conversation = &conversation;
    facts.headers = &headers;
    return facts;
}

}  // namespace ccr::route
