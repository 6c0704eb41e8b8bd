#include "wire/unknown_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "wire/place.h"

namespace ccr::wire {
namespace {

class UnknownMembers {
  public:
    void see(const Place& where, const chat::Extras& extras) {
        for (const auto& [key, raw] : extras.members) {
            Seen& seen = seen_[key.decode()];
            if (seen.times++ == 0) seen.where = where.text();
        }
    }
    void see(const Place& where, const std::vector<chat::Part>& parts) {
        for (const chat::Part& part : parts) {
            see(where, part.extras);
            if (const auto* result = part.as<chat::ToolResult>()) see(where, result->content);
        }
    }
    void note(const NotCarried& row, chat::Losses& losses) const {
        for (const auto& [key, seen] : seen_) {
            std::string what =
                seen.times == 1 ? key : fmt::format("{} ({} times)", key, seen.times);
            losses.push_back({seen.where, std::move(what), std::string(row.why)});
        }
    }

  private:
    struct Seen {
        std::string where;
        std::size_t times = 0;
    };
    std::map<std::string, Seen> seen_;
};

}  // namespace

void note_unknown_members(const chat::Conversation& c, bool (*is_sent)(const chat::Tool&),
                          const NotCarried& row, chat::Losses& losses) {
    UnknownMembers unknown;
    const Place turns("turns"), tools("tools");
    std::size_t turn_index = 0, tool_index = 0;
    for (const chat::Turn& turn : c.turns) {
        const Place where = turns.element(turn_index++);
        unknown.see(where, turn.extras);
        unknown.see(where, turn.parts);
    }
    for (const chat::Tool& tool : c.tools) {
        const Place where = tools.element(tool_index++);
        if (is_sent(tool)) unknown.see(where, tool.extras);
    }
    unknown.note(row, losses);
}

bool is_in_the_hub(const chat::Extras& extras, json::Text key) {
    switch (extras.from) {
        case Protocol::anthropic:
            return key.equals("metadata") || key.equals("output_config");
        case Protocol::openai_chat:
            return key.equals("stream_options");
        case Protocol::openai_responses:
            return key.equals("reasoning");
        case Protocol::gemini:
            break;
    }
    return false;
}

std::size_t cache_marks(const chat::Conversation& c) {
    std::size_t marks = 0;
    for (const chat::Turn& turn : c.turns) {
        marks += static_cast<std::size_t>(std::ranges::count_if(
            turn.parts, [](const chat::Part& part) { return !part.cache.empty(); }));
    }
    return marks + static_cast<std::size_t>(std::ranges::count_if(
                       c.tools, [](const chat::Tool& tool) { return !tool.cache.empty(); }));
}

void note_cache_marks(const chat::Conversation& c, const NotCarried& row, chat::Losses& losses,
                      std::size_t carried) {
    if (const std::size_t marks = cache_marks(c); marks > carried)
        losses.push_back(
            {"body", fmt::format("{} cache marks", marks - carried), std::string(row.why)});
}

}  // namespace ccr::wire
