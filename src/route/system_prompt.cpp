#include "route/system_prompt.h"

#include <algorithm>
#include <string>

#include "json/writer.h"
#include "route/text_splice.h"

namespace ccr::route {
namespace {

constexpr std::string_view kTag = "<env>";
constexpr std::string_view kHeading = "# Environment";

bool is_whole_line(std::string_view text, std::size_t at, std::size_t size) {
    const bool begins = at == 0 || text[at - 1] == '\n';
    return begins && (at + size == text.size() || text[at + size] == '\n');
}

std::size_t heading_of(std::string_view text) {
    std::size_t at = text.find(kHeading);
    while (at != std::string_view::npos && !is_whole_line(text, at, kHeading.size()))
        at = text.find(kHeading, at + 1);
    return at;
}

// What goes before the environment: a heading wants a line of its own.
std::string written(std::string_view text, bool before_heading) {
    std::string out;
    json::escape_to(out, text);
    if (before_heading && !text.empty() && !text.ends_with('\n')) out += "\\n\\n";
    return out;
}

}  // namespace

std::optional<json::Splice> with_instructions(const chat::Conversation& conversation,
                                              std::string_view body, std::string_view text) {
    if (conversation.turns.empty() || conversation.turns.front().role != chat::Role::system)
        return std::nullopt;
    const auto& parts = conversation.turns.front().parts;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto* prose = parts[i].as<chat::Prose>();
        if (!prose) continue;
        const std::string plain = prose->text.decode();
        const std::size_t tag = plain.rfind(kTag);
        const std::size_t end = tag != std::string::npos ? tag : heading_of(plain);
        if (end == std::string::npos) continue;
        return splice_of_text(body, prose->text.escaped(), 0, end,
                              written(text, tag == std::string::npos));
    }
    return std::nullopt;
}

}  // namespace ccr::route
