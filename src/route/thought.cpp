#include "route/thought.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/text_case.h"
#include "route/facts.h"

namespace ccr::route {
namespace {

using chat::Conversation;

constexpr std::int64_t kUnaskedBudget = 31'999;
constexpr std::string_view kReminder = "<system-reminder>";

chat::Effort usual_effort(const Conversation& c) {
    return c.model.escaped().starts_with("claude-") ? chat::Effort::medium : chat::Effort::high;
}

// Searched forward, which libraries do much faster than backward; marks are few.
std::size_t last_place(std::string_view text, std::string_view mark) {
    std::size_t last = std::string_view::npos;
    for (std::size_t at = text.find(mark); at != std::string_view::npos;
         at = text.find(mark, at + mark.size()))
        last = at;
    return last;
}

// The later of two marks in one text decides; nullopt where neither is.
std::optional<bool> planning_by(std::string_view text) {
    const std::size_t on = last_place(text, "Plan mode is active");
    std::size_t off = last_place(text, "You have exited plan mode");
    const std::size_t heading = last_place(text, "Exited Plan Mode");
    if (off == std::string_view::npos || (heading != std::string_view::npos && heading > off))
        off = heading;
    if (on == std::string_view::npos && off == std::string_view::npos) return std::nullopt;
    return off == std::string_view::npos || (on != std::string_view::npos && on > off);
}

bool is_clients_own(const chat::Turn& turn, const chat::Prose& prose) {
    return turn.role == chat::Role::system ||
           (turn.role == chat::Role::user && prose.text.escaped().starts_with(kReminder));
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_word_character(text[at - 1])) &&
            (end == text.size() || !is_word_character(text[end])))
            return true;
    }
    return false;
}

std::string keyword_in(const Conversation& c, const config::ThinkWhen& when) {
    if (when.keywords.empty()) return "";
    const std::string text = lower_case(last_user_text(c));
    for (const std::string& keyword : when.keywords) {
        if (!keyword.empty() && has_word(text, keyword)) return keyword;
    }
    return "";
}

std::string raised_by(const Conversation& c, const Thought& thought,
                      const config::ThinkWhen& when) {
    using Mode = chat::Thinking::Mode;
    if (c.thinking && c.thinking->mode == Mode::off) return "";
    if (when.any && thought.is_on) return "thinking is on";
    if (when.budget && c.thinking && c.thinking->mode == Mode::budget &&
        c.thinking->budget_tokens != kUnaskedBudget)
        return fmt::format("a thinking budget of {} tokens", c.thinking->budget_tokens);
    if (when.effort && c.effort && *c.effort > usual_effort(c))
        return fmt::format("effort {} is above the client's usual {}", chat::name_of(*c.effort),
                           chat::name_of(usual_effort(c)));
    if (when.plan && is_planning(c)) return "the client is in plan mode";
    if (!when.keyword) return "";
    const std::string keyword = keyword_in(c, when);
    return keyword.empty() ? "" : fmt::format("the user wrote \"{}\"", keyword);
}

std::string why_not(const Conversation& c, const Thought& thought) {
    if (c.thinking && c.thinking->mode == chat::Thinking::Mode::off) return "thinking is off";
    if (!thought.is_on && !c.effort) return "the request asks for no thinking";
    if (c.thinking && c.thinking->mode == chat::Thinking::Mode::budget)
        return fmt::format("a budget of {} tokens, which the client sends unasked",
                           c.thinking->budget_tokens);
    return c.effort ? fmt::format("effort {} is not above the client's usual {}",
                                  chat::name_of(*c.effort), chat::name_of(usual_effort(c)))
                    : "nobody asked for more thought than usual";
}

}  // namespace

bool is_planning(const Conversation& c) {
    for (const chat::Turn& turn : c.turns | std::views::reverse) {
        for (const chat::Part& part : turn.parts | std::views::reverse) {
            const auto* prose = part.as<chat::Prose>();
            if (!prose || !is_clients_own(turn, *prose)) continue;
            if (const auto planning = planning_by(prose->text.escaped())) return *planning;
        }
    }
    return false;
}

Thought thought_of(const Conversation& conversation, const config::ThinkWhen& when) {
    Thought out;
    out.is_on = conversation.thinking && conversation.thinking->mode != chat::Thinking::Mode::off;
    out.effort = conversation.effort;
    out.raised_by = raised_by(conversation, out, when);
    if (out.raised_by.empty()) out.why_not = why_not(conversation, out);
    return out;
}

}  // namespace ccr::route
