#include "tokens/estimate.h"

#include <cstring>

namespace ccr::tokens {
namespace {

constexpr std::int64_t kPerMessage = 4;   // roles and separators
constexpr std::int64_t kPerImage = 1600;  // docs.anthropic.com, vision: the most one image counts
constexpr std::int64_t kPerDocument = 3000;  // a page or two of PDF as text and image

struct Counter {
    std::int64_t operator()(const chat::Prose& prose) const {
        return estimate_text(prose.text.escaped());
    }
    std::int64_t operator()(const chat::Media& media) const {
        if (media.source == chat::MediaSource::plain_text)
            return estimate_text(media.data.escaped());
        return media.kind == chat::MediaKind::document ? kPerDocument : kPerImage;
    }
    std::int64_t operator()(const chat::ToolCall& call) const {
        return kPerMessage + estimate_text(call.name.escaped()) + estimate_text(call.arguments);
    }
    std::int64_t operator()(const chat::ToolResult& result) const {
        std::int64_t sum = kPerMessage;
        for (const chat::Part& part : result.content) sum += std::visit(*this, part.body);
        return sum;
    }
    std::int64_t operator()(const chat::Reasoning& reasoning) const {
        return estimate_text(reasoning.text.escaped());
    }
    std::int64_t operator()(const chat::WebSearch& search) const {
        return static_cast<std::int64_t>(search.hits.size()) * 30;
    }
    std::int64_t operator()(const chat::Opaque& opaque) const { return estimate_text(opaque.raw); }
};

}  // namespace

// English and code come to about four bytes a token. Beyond ASCII a character of two or three bytes
// is about one token: its first byte counts, its continuations do not. Text is ASCII for long
// stretches, so eight bytes are looked at together.
std::int64_t estimate_text(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080u;
    std::int64_t wide = 0, beyond_ascii = 0;
    const auto look_at = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            beyond_ascii += byte >= 0x80;
            wide += byte >= 0xC0;
        }
    };
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & kHighBits) != 0) look_at(at, at + 8);
    }
    look_at(at, text.size());
    return (static_cast<std::int64_t>(text.size()) - beyond_ascii + 3) / 4 + wide;
}

std::int64_t estimate(const chat::Conversation& conversation) {
    std::int64_t sum = 0;
    for (const chat::Turn& turn : conversation.turns) {
        sum += kPerMessage;
        for (const chat::Part& part : turn.parts) sum += std::visit(Counter{}, part.body);
    }
    for (const chat::Tool& tool : conversation.tools) {
        sum += kPerMessage + estimate_text(tool.name.escaped()) +
               estimate_text(tool.description.escaped()) + estimate_text(tool.schema);
    }
    return sum;
}

}  // namespace ccr::tokens
