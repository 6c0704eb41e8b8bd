#include "route/subagent_tag.h"

#include <utility>

#include "route/text_splice.h"

namespace ccr::route {
namespace {

constexpr std::string_view kOpening = "<CCR-SUBAGENT-MODEL>";
constexpr std::string_view kClosing = "</CCR-SUBAGENT-MODEL>";
constexpr std::string_view kReminder = "<system-reminder>";
constexpr std::size_t kLongestModel = 300;  // in plain bytes; nobody's name is longer

// What stands where in one text, plain.
struct Place {
    std::size_t begin = 0, end = 0;
    SubagentTag tag;
};

bool begins_a_line(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
    return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The blanks and the line end after a tag go with it.
std::size_t after_line_end(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at < text.size() && text[at] == '\r') ++at;
    return at < text.size() && text[at] == '\n' ? at + 1 : at;
}

Place read(std::string_view text, std::size_t at) {
    Place place{at, at + kOpening.size(), {}};
    const std::size_t close = text.find(kClosing, place.end);
    if (close == std::string_view::npos || close - place.end > kLongestModel) {
        place.tag.problem = "<CCR-SUBAGENT-MODEL> is not closed; close it after the model";
        return place;
    }
    const std::string_view model = trimmed(text.substr(place.end, close - place.end));
    place.end = after_line_end(text, close + kClosing.size());
    if (model.empty())
        place.tag.problem = "<CCR-SUBAGENT-MODEL> is empty; write \"provider,model\" into it";
    else if (model.find_first_of("<>\r\n") != std::string_view::npos)
        place.tag.problem = "<CCR-SUBAGENT-MODEL> holds more than a model's name";
    else
        place.tag.model = model;
    return place;
}

std::vector<Place> places(std::string_view text) {
    std::vector<Place> out;
    std::size_t at = text.find(kOpening);
    while (at != std::string_view::npos) {
        std::size_t next = at + kOpening.size();
        if (begins_a_line(text, at)) {
            out.push_back(read(text, at));
            next = out.back().end;
        }
        at = text.find(kOpening, next);
    }
    return out;
}

// A tag's bytes are the same escaped and plain but for its line ends, so most texts need no look.
bool may_hold_a_tag(std::string_view escaped) {
    return escaped.find("CCR-SUBAGENT-MODEL") != std::string_view::npos;
}

void look_into(json::Text text, std::string_view body, FoundTags& out) {
    if (!may_hold_a_tag(text.escaped())) return;
    const std::string plain = text.decode();
    const std::vector<Place> found = places(plain);
    if (found.empty()) return;
    for (const Place& place : found) {
        const bool is_better = !out.first || (out.first->model.empty() && !place.tag.model.empty());
        if (is_better) out.first = place.tag;
    }
    for (const Place& place : found) {
        auto cut = splice_of_text(body, text.escaped(), place.begin, place.end, "");
        if (cut) out.splices.push_back(*std::move(cut));
    }
}

}  // namespace

FoundTags find_subagent_tags(const chat::Conversation& conversation, std::string_view body) {
    FoundTags out;
    bool is_first_user_turn = true;
    for (const chat::Turn& turn : conversation.turns) {
        if (turn.role == chat::Role::assistant) continue;
        const bool is_user = turn.role == chat::Role::user;
        if (is_user && !std::exchange(is_first_user_turn, false)) continue;
        for (const chat::Part& part : turn.parts) {
            const auto* prose = part.as<chat::Prose>();
            if (!prose || (is_user && prose->text.escaped().starts_with(kReminder))) continue;
            look_into(prose->text, body, out);
        }
    }
    return out;
}

}  // namespace ccr::route
