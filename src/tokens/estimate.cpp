#include "tokens/estimate.h"

#include <cstring>

namespace ccr::tokens {
namespace {

constexpr std::int64_t kPerMessage = 4;   // roles and separators
constexpr std::int64_t kPerImage = 1600;  // docs.anthropic.com, vision: the most one image counts
constexpr std::int64_t kPerDocument = 3000;  // a page or two of PDF as text and image

constexpr std::size_t kBlock = 64;  // text is ASCII for long stretches, which are passed in blocks

/// What a text holds beyond ASCII.
struct Beyond {
    std::int64_t bytes = 0;
    std::int64_t characters = 0;

    Beyond& operator+=(const Beyond& more) {
        bytes += more.bytes;
        characters += more.characters;
        return *this;
    }
};

bool is_ascii(const char* block) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < kBlock; i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, block + i, 8);
        all |= word;
    }
    return (all & 0x8080808080808080u) == 0;
}

// Counted in single bytes, which vector registers hold sixteen of.
Beyond beyond_ascii(const char* from, std::size_t count) {
    std::uint8_t bytes = 0, characters = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = static_cast<unsigned char>(from[i]);
        bytes = static_cast<std::uint8_t>(bytes + (byte >= 0x80));
        characters = static_cast<std::uint8_t>(characters + (byte >= 0xC0));
    }
    return {bytes, characters};
}

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
// is about one token: its first byte counts, its continuations do not.
std::int64_t estimate_text(std::string_view text) {
    Beyond beyond;
    std::size_t at = 0;
    for (; at + kBlock <= text.size(); at += kBlock) {
        if (!is_ascii(text.data() + at)) beyond += beyond_ascii(text.data() + at, kBlock);
    }
    beyond += beyond_ascii(text.data() + at, text.size() - at);
    return (static_cast<std::int64_t>(text.size()) - beyond.bytes + 3) / 4 + beyond.characters;
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
