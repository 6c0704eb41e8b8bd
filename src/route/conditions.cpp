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

bool is_client(const Patterns& patterns, const Facts& facts) {
    return any_matches(patterns, facts.agent) || any_matches(patterns, name_of(facts.client));
}

bool is_effort(const std::vector<std::string>& names, const Facts& facts) {
    return facts.thought.effort &&
           std::ranges::find(names, chat::name_of(*facts.thought.effort)) != names.end();
}

bool offers_tool(const Patterns& patterns, const chat::Conversation& conversation) {
    return std::ranges::any_of(conversation.tools, [&](const chat::Tool& tool) {
        return any_matches(patterns, tool.name.escaped()) ||
               (!tool.server_type.empty() && any_matches(patterns, tool.server_type.escaped()));
    });
}

using HeaderCondition = std::pair<std::string, Patterns>;

std::optional<std::string_view> value_of(const HeaderCondition& header, const Facts& facts) {
    return facts.headers ? facts.headers->get(header.first) : std::nullopt;
}

bool has_header(const HeaderCondition& header, const Facts& facts) {
    const auto value = value_of(header, facts);
    return value && any_matches(header.second, *value);
}

// A span over midnight belongs to the day it begins on.
bool is_within(const config::TimeSpan& span, const WallClock& now) {
    const auto is_day = [&](int day) { return (span.days >> ((day + 7) % 7) & 1) != 0; };
    if (span.from < span.to)
        return is_day(now.weekday) && now.minute >= span.from && now.minute < span.to;
    return (is_day(now.weekday) && now.minute >= span.from) ||
           (is_day(now.weekday - 1) && now.minute < span.to);
}

std::vector<std::string> system_texts_of(const chat::Conversation& conversation) {
    std::vector<std::string> out;
    for (const chat::Turn& turn : conversation.turns) {
        if (turn.role != chat::Role::system) continue;
        for (const chat::Part& part : turn.parts) {
            if (const auto* prose = part.as<chat::Prose>()) out.push_back(prose->text.decode());
        }
    }
    return out;
}

// Of something that a request has one of.
std::string differs(std::string_view what, const Patterns& patterns, std::string_view value) {
    return value.empty()
               ? fmt::format("the {} is not known, so it is not {}", what, wanted(patterns))
               : fmt::format("the {} is {}, not {}", what, value, wanted(patterns));
}

std::string effort_differs(const std::vector<std::string>& names, const Facts& facts) {
    if (!facts.thought.effort) return "the request names no effort";
    return fmt::format("the effort is {}, not {}", chat::name_of(*facts.thought.effort),
                       wanted(names));
}

std::string header_differs(const Conditions& when, const Facts& facts) {
    for (const HeaderCondition& header : when.headers) {
        if (!value_of(header, facts)) return fmt::format("there is no header {}", header.first);
        // Its value may be a secret, and is the user's to look up.
        if (!has_header(header, facts))
            return fmt::format("the header {} is not {}", header.first, wanted(header.second));
    }
    return "";
}

}  // namespace

bool Inquiry::is_of(const std::vector<std::string>& scenarios) {
    if (!scenarios_) scenarios_ = scenarios_of(facts_, routing_);
    return std::ranges::any_of(scenarios, [&](std::string_view name) {
        return std::ranges::find(*scenarios_, name) != scenarios_->end();
    });
}

bool Inquiry::users_text_has(const Patterns& patterns) {
    if (!users_text_) users_text_ = last_user_text(*facts_.conversation);
    return any_found(patterns, *users_text_);
}

bool Inquiry::system_prompt_has(const Patterns& patterns) {
    if (!system_texts_) system_texts_ = system_texts_of(*facts_.conversation);
    return std::ranges::any_of(*system_texts_,
                               [&](const std::string& text) { return any_found(patterns, text); });
}

bool Inquiry::holds(Condition condition, const Conditions& when) {
    const chat::Conversation* const conversation = facts_.conversation;
    const auto is_one_of = [](const Patterns& patterns, std::string_view value) {
        return patterns.empty() || any_matches(patterns, value);
    };
    switch (condition) {
        case Condition::model:
            return is_one_of(when.models, facts_.asked_model);
        case Condition::scenario:
            return when.scenarios.empty() || is_of(when.scenarios);
        case Condition::effort:
            return when.efforts.empty() || is_effort(when.efforts, facts_);
        case Condition::client:
            return when.clients.empty() || is_client(when.clients, facts_);
        case Condition::images:
            return when.images.value_or(facts_.has_images) == facts_.has_images;
        case Condition::subagent:
            return when.subagent.value_or(facts_.is_subagent) == facts_.is_subagent;
        case Condition::tokens_over:
            return !when.tokens_over || facts_.input_tokens > *when.tokens_over;
        case Condition::tokens_under:
            return !when.tokens_under || facts_.input_tokens < *when.tokens_under;
        case Condition::project:
            return is_one_of(when.projects, facts_.project);
        case Condition::session:
            return is_one_of(when.sessions, facts_.session);
        case Condition::headers:
            return std::ranges::all_of(when.headers, [&](const HeaderCondition& header) {
                return has_header(header, facts_);
            });
        case Condition::time:
            return when.times.empty() ||
                   std::ranges::any_of(when.times, [&](const config::TimeSpan& span) {
                       return is_within(span, facts_.now);
                   });
        case Condition::tool:
            return when.tools.empty() || !conversation || offers_tool(when.tools, *conversation);
        case Condition::text:
            return when.texts.empty() || !conversation || users_text_has(when.texts);
        case Condition::system:
            return when.systems.empty() || !conversation || system_prompt_has(when.systems);
    }
    return true;
}

std::optional<Condition> Inquiry::first_unmet(const Conditions& when) {
    for (auto each = std::uint8_t{0}; each <= static_cast<std::uint8_t>(Condition::system);
         ++each) {
        const auto condition = static_cast<Condition>(each);
        if (!holds(condition, when)) return condition;
    }
    return std::nullopt;
}

std::string why_unmet(Condition unmet, const Conditions& when, const Facts& facts) {
    switch (unmet) {
        case Condition::model:
            return differs("model", when.models, facts.asked_model);
        case Condition::scenario:
            return fmt::format("the scenario is not {}", wanted(when.scenarios));
        case Condition::effort:
            return effort_differs(when.efforts, facts);
        case Condition::client:
            return fmt::format("the client is {}, not {}",
                               facts.agent.empty() ? name_of(facts.client) : facts.agent,
                               wanted(when.clients));
        case Condition::images:
            return facts.has_images ? "the last user turn has an image"
                                    : "the last user turn has no image";
        case Condition::subagent:
            return facts.is_subagent ? "it is a subagent's request" : "it is no subagent's request";
        case Condition::tokens_over:
            return fmt::format("{} tokens are not over {}", facts.input_tokens, *when.tokens_over);
        case Condition::tokens_under:
            return fmt::format("{} tokens are not under {}", facts.input_tokens,
                               *when.tokens_under);
        case Condition::project:
            return differs("project", when.projects, facts.project);
        case Condition::session:
            return differs("session", when.sessions, facts.session);
        case Condition::headers:
            return header_differs(when, facts);
        case Condition::time:
            return fmt::format("it is {:02}:{:02}, outside its times", facts.now.minute / 60,
                               facts.now.minute % 60);
        case Condition::tool:
            return fmt::format("no tool is named {}", wanted(when.tools));
        case Condition::text:
            return fmt::format("the user's last text has no \"{}\"", wanted(when.texts));
        case Condition::system:
            return fmt::format("the system prompt has no \"{}\"", wanted(when.systems));
    }
    return "";
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
