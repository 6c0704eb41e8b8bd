#include "route/subagent_tag.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

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

bool is_inside(std::string_view part, std::string_view whole) {
    const std::less_equal<const char*> le;
    return le(whole.data(), part.data()) &&
           le(part.data() + part.size(), whole.data() + whole.size());
}

unsigned code_unit(std::string_view escaped, std::size_t at) {
    unsigned unit = 0;
    if (at + 6 <= escaped.size() && escaped.substr(at, 2) == "\\u")
        std::from_chars(escaped.data() + at + 2, escaped.data() + at + 6, unit, 16);
    return unit;
}

// One character of a JSON text: how many bytes it has as it is written, and plain.
struct Step {
    std::size_t escaped = 1, plain = 1;
};

Step step_at(std::string_view escaped, std::size_t at) {
    if (escaped[at] != '\\') return {};
    if (at + 1 < escaped.size() && escaped[at + 1] != 'u') return {2, 1};
    const unsigned unit = code_unit(escaped, at);
    const unsigned next = code_unit(escaped, at + 6);
    const bool is_pair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
    if (is_pair) return {12, 4};
    return {6, unit < 0x80 ? 1u : unit < 0x800 ? 2u : 3u};
}

// Where in the escaped text the plain text's byte `plain` is written.
std::size_t escaped_offset(std::string_view escaped, std::size_t plain) {
    std::size_t at = 0;
    for (std::size_t passed = 0; passed < plain && at < escaped.size();) {
        const Step step = step_at(escaped, at);
        at += step.escaped;
        passed += step.plain;
    }
    return std::min(at, escaped.size());
}

void take_out(std::string_view escaped, const std::vector<Place>& found, std::string_view body,
              std::vector<json::Splice>& splices) {
    if (!is_inside(escaped, body)) return;  // made by a decoder: no byte of it travels
    const auto begin = static_cast<std::size_t>(escaped.data() - body.data());
    for (const Place& place : found) {
        const std::size_t from = begin + escaped_offset(escaped, place.begin);
        const std::size_t to = begin + escaped_offset(escaped, place.end);
        splices.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), ""});
    }
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
    take_out(text.escaped(), found, body, out.splices);
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
