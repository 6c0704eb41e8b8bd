#include "demo/facts.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "json/utf8.h"

namespace ccr::demo {
namespace {

using chat::Conversation;
using chat::Part;

constexpr std::size_t kEchoed = 80;
constexpr std::size_t kReported = 200;

// Clients put reminders of their own into user turns, in tags; they are nobody's words to the demo.
std::string without_reminders(std::string text) {
    static constexpr std::string_view kOpen = "<system-reminder>", kClose = "</system-reminder>";
    for (std::size_t at; (at = text.find(kOpen)) != std::string::npos;) {
        const std::size_t close = text.find(kClose, at);
        text.erase(at, close == std::string::npos ? std::string::npos : close + kClose.size() - at);
    }
    return text;
}

// One line, blanks folded, at most `limit` bytes.
std::string one_line(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
        if (out.size() > limit + 4) break;
    }
    while (out.ends_with(' ')) out.pop_back();
    if (out.size() <= limit) return out;
    return std::string(json::utf8_prefix(out, limit)) + "\xE2\x80\xA6";
}

std::string prose_of(const std::vector<Part>& parts) {
    std::string out;
    for (const Part& part : parts) {
        const auto* prose = part.as<chat::Prose>();
        if (!prose) continue;
        if (!out.empty()) out += '\n';
        out += prose->text.decode();
    }
    return out;
}

std::string caller_of(const Conversation& c, json::Text call_id) {
    for (const chat::Turn& turn : c.turns) {
        for (const Part& part : turn.parts) {
            const auto* call = part.as<chat::ToolCall>();
            if (call && call->id == call_id) return call->name.decode();
        }
    }
    return "a tool";
}

ToolOutcome outcome_of(const Conversation& c, const chat::ToolResult& result) {
    std::string text = prose_of(result.content);
    if (text.empty()) text = result.content.empty() ? "nothing" : "something that is no text";
    return {caller_of(c, result.call_id), one_line(text, kReported), result.is_error};
}

bool thinks(const Conversation& c) {
    if (c.thinking) return c.thinking->mode != chat::Thinking::Mode::off;
    return c.effort && *c.effort != chat::Effort::none;
}

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The words of a name in any of the usual cases: readFile, read_file, READ-FILE.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        const bool hump =
            std::isupper(c) && i > 0 && std::islower(static_cast<unsigned char>(name[i - 1]));
        if ((hump || !std::isalnum(c)) && !words.back().empty()) words.emplace_back();
        if (std::isalnum(c)) words.back() += static_cast<char>(std::tolower(c));
    }
    return words;
}

bool looks_read_only(std::string_view name) {
    static constexpr auto kReading =
        std::to_array<std::string_view>({"read", "glob", "grep", "ls", "list", "get", "search",
                                         "find", "view", "show", "cat", "stat", "lookup"});
    static constexpr auto kWriting =
        std::to_array<std::string_view>({"write", "edit", "create", "delete", "update", "set",
                                         "put", "remove", "send", "run", "mark"});
    bool reads = false;
    for (const std::string& word : words_of(name)) {
        if (std::ranges::count(kWriting, std::string_view(word)) > 0) return false;
        reads = reads || std::ranges::count(kReading, std::string_view(word)) > 0;
    }
    return reads;
}

}  // namespace

const chat::Tool* Facts::find_tool(std::string_view name) const {
    const chat::Tool* similar = nullptr;
    for (const chat::Tool* tool : callable) {
        const std::string own = tool->name.decode();
        if (own == name) return tool;
        if (!similar && same_letters(own, name)) similar = tool;
    }
    return similar;
}

std::vector<const chat::Tool*> Facts::readers(std::size_t most) const {
    std::vector<const chat::Tool*> out;
    for (const chat::Tool* tool : callable) {
        if (out.size() < most && looks_read_only(tool->name.decode())) out.push_back(tool);
    }
    return out;
}

std::string Facts::tool_names() const {
    std::string out;
    for (const chat::Tool* tool : callable) {
        if (!out.empty()) out += ", ";
        out += tool->name.decode();
    }
    return out.empty() ? "none" : out;
}

std::string Facts::excerpt() const {
    return one_line(user_text, kEchoed);
}

Facts facts_of(const Conversation& c) {
    Facts facts;
    facts.thinking = thinks(c);
    const bool may_call = !c.tool_choice || c.tool_choice->mode != chat::ToolMode::none;
    for (const chat::Tool& tool : c.tools) {
        if (may_call && !tool.placeholder && tool.server_type.empty())
            facts.callable.push_back(&tool);
    }
    const auto last =
        std::ranges::find(c.turns.rbegin(), c.turns.rend(), chat::Role::user, &chat::Turn::role);
    if (last == c.turns.rend()) return facts;
    facts.user_text = without_reminders(prose_of(last->parts));
    for (const Part& part : last->parts) {
        if (const auto* result = part.as<chat::ToolResult>())
            facts.results.push_back(outcome_of(c, *result));
    }
    return facts;
}

}  // namespace ccr::demo
