#include "route/conditions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/wildcard.h"
#include "route/scenarios.h"

namespace ccr::route {
namespace {

using config::Conditions;
using config::Patterns;

bool any_matches(const Patterns& patterns, std::string_view text) {
    return std::ranges::any_of(
        patterns, [&](const std::string& pattern) { return matches_wildcard(pattern, text); });
}

bool any_found(const Patterns& patterns, std::string_view text) {
    return std::ranges::any_of(
        patterns, [&](const std::string& pattern) { return contains_wildcard(pattern, text); });
}

std::string wanted(const Patterns& patterns) {
    return fmt::format("{}", fmt::join(patterns, " or "));
}

// Of something that a request has one of.
std::string differs(std::string_view what, const Patterns& patterns, std::string_view value) {
    if (patterns.empty() || any_matches(patterns, value)) return "";
    return value.empty()
               ? fmt::format("the {} is not known, so it is not {}", what, wanted(patterns))
               : fmt::format("the {} is {}, not {}", what, value, wanted(patterns));
}

std::string client_differs(const Patterns& patterns, const Facts& facts) {
    if (patterns.empty() || any_matches(patterns, facts.agent) ||
        any_matches(patterns, name_of(facts.client)))
        return "";
    return fmt::format("the client is {}, not {}",
                       facts.agent.empty() ? name_of(facts.client) : facts.agent, wanted(patterns));
}

std::string no_scenario(const std::vector<std::string>& names, const Facts& facts,
                        const config::Routing& routing) {
    if (names.empty()) return "";
    for (const std::string& name : names) {
        if (is_scenario(name, facts, routing)) return "";
    }
    return fmt::format("the scenario is not {}", wanted(names));
}

std::string effort_differs(const std::vector<std::string>& names, const Facts& facts) {
    if (names.empty()) return "";
    if (!facts.thought.effort) return "the request names no effort";
    const std::string_view effort = chat::name_of(*facts.thought.effort);
    if (std::ranges::find(names, effort) != names.end()) return "";
    return fmt::format("the effort is {}, not {}", effort, wanted(names));
}

std::string no_tool(const Patterns& patterns, const Facts& facts) {
    if (patterns.empty() || !facts.conversation) return "";
    for (const chat::Tool& tool : facts.conversation->tools) {
        if (any_matches(patterns, tool.name.escaped()) ||
            (!tool.server_type.empty() && any_matches(patterns, tool.server_type.escaped())))
            return "";
    }
    return fmt::format("no tool is named {}", wanted(patterns));
}

std::string text_lacks(const Patterns& patterns, const Facts& facts) {
    if (patterns.empty() || !facts.conversation) return "";
    if (any_found(patterns, last_user_text(*facts.conversation))) return "";
    return fmt::format("the user's last text has no \"{}\"", wanted(patterns));
}

std::string system_lacks(const Patterns& patterns, const Facts& facts) {
    if (patterns.empty() || !facts.conversation) return "";
    for (const chat::Turn& turn : facts.conversation->turns) {
        if (turn.role != chat::Role::system) continue;
        for (const chat::Part& part : turn.parts) {
            const auto* prose = part.as<chat::Prose>();
            if (prose && any_found(patterns, prose->text.decode())) return "";
        }
    }
    return fmt::format("the system prompt has no \"{}\"", wanted(patterns));
}

std::string header_differs(const Conditions& when, const Facts& facts) {
    for (const auto& [name, patterns] : when.headers) {
        const auto value = facts.headers ? facts.headers->get(name) : std::nullopt;
        if (!value) return fmt::format("there is no header {}", name);
        // Its value may be a secret, and is the user's to look up.
        if (!any_matches(patterns, *value))
            return fmt::format("the header {} is not {}", name, wanted(patterns));
    }
    return "";
}

std::string wrong_size(const Conditions& when, const Facts& facts) {
    if (when.tokens_over && facts.input_tokens <= *when.tokens_over)
        return fmt::format("{} tokens are not over {}", facts.input_tokens, *when.tokens_over);
    if (when.tokens_under && facts.input_tokens >= *when.tokens_under)
        return fmt::format("{} tokens are not under {}", facts.input_tokens, *when.tokens_under);
    return "";
}

std::string wrong_kind(const Conditions& when, const Facts& facts) {
    if (when.images && *when.images != facts.has_images)
        return facts.has_images ? "the last user turn has an image"
                                : "the last user turn has no image";
    if (when.subagent && *when.subagent != facts.is_subagent)
        return facts.is_subagent ? "it is a subagent's request" : "it is no subagent's request";
    return "";
}

// A span over midnight belongs to the day it begins on.
bool is_within(const config::TimeSpan& span, const WallClock& now) {
    const auto is_day = [&](int day) { return (span.days >> ((day + 7) % 7) & 1) != 0; };
    if (span.from < span.to)
        return is_day(now.weekday) && now.minute >= span.from && now.minute < span.to;
    return (is_day(now.weekday) && now.minute >= span.from) ||
           (is_day(now.weekday - 1) && now.minute < span.to);
}

std::string wrong_time(const Conditions& when, const Facts& facts) {
    if (when.times.empty() || std::ranges::any_of(when.times, [&](const config::TimeSpan& span) {
            return is_within(span, facts.now);
        }))
        return "";
    return fmt::format("it is {:02}:{:02}, outside its times", facts.now.minute / 60,
                       facts.now.minute % 60);
}

}  // namespace

std::string unmet(const Conditions& when, const Facts& facts, const config::Routing& routing) {
    std::string why = differs("model", when.models, facts.asked_model);
    if (why.empty()) why = no_scenario(when.scenarios, facts, routing);
    if (why.empty()) why = effort_differs(when.efforts, facts);
    if (why.empty()) why = client_differs(when.clients, facts);
    if (why.empty()) why = wrong_kind(when, facts);
    if (why.empty()) why = wrong_size(when, facts);
    if (why.empty()) why = differs("project", when.projects, facts.project);
    if (why.empty()) why = differs("session", when.sessions, facts.session);
    if (why.empty()) why = header_differs(when, facts);
    if (why.empty()) why = wrong_time(when, facts);
    // What has to be looked for in the request comes last.
    if (why.empty()) why = no_tool(when.tools, facts);
    if (why.empty()) why = text_lacks(when.texts, facts);
    if (why.empty()) why = system_lacks(when.systems, facts);
    return why;
}

std::string met(const Conditions& when, const Facts& facts) {
    std::vector<std::string> parts;
    if (!when.models.empty()) parts.push_back("model " + facts.asked_model);
    if (!when.scenarios.empty()) parts.push_back("scenario " + wanted(when.scenarios));
    if (!when.efforts.empty())
        parts.push_back(fmt::format("effort {}", chat::name_of(*facts.thought.effort)));
    if (!when.clients.empty()) parts.push_back("client " + wanted(when.clients));
    if (when.images) parts.emplace_back(*when.images ? "an image" : "no image");
    if (when.subagent) parts.emplace_back(*when.subagent ? "a subagent" : "no subagent");
    if (when.tokens_over || when.tokens_under)
        parts.push_back(fmt::format("{} tokens", facts.input_tokens));
    if (!when.projects.empty()) parts.push_back("project " + facts.project);
    if (!when.sessions.empty()) parts.push_back("session " + facts.session);
    for (const auto& [name, patterns] : when.headers) parts.push_back("header " + name);
    if (!when.times.empty()) parts.emplace_back("the time of day");
    if (!when.tools.empty()) parts.push_back("tool " + wanted(when.tools));
    if (!when.texts.empty()) parts.push_back(fmt::format("text \"{}\"", wanted(when.texts)));
    if (!when.systems.empty())
        parts.push_back(fmt::format("system prompt \"{}\"", wanted(when.systems)));
    return parts.empty() ? "always" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace ccr::route
