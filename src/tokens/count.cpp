#include "tokens/count.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "tokens/count_cache.h"

namespace ccr::tokens {
namespace {

// The OpenAI cookbook, "How to count tokens": three a message and one for its role, three before
// the answer. A tool costs some for its frame; calls and results name their tool and id.
constexpr std::int64_t kPerTurn = 4, kPerAnswer = 3, kPerTool = 8, kPerCall = 8, kPerResult = 4;
constexpr std::int64_t kSound = 1000;   // half a minute at Gemini's 32 tokens a second
constexpr std::size_t kNotCached = 24;  // bytes up to which counting is as cheap as looking up

CountCache& shared_cache() {
    static CountCache cache;
    return cache;
}

std::string_view kind_of(const chat::Part& part) {
    constexpr std::string_view kNames[] = {"text",      "media",      "tool_call", "tool_result",
                                           "reasoning", "web_search", "opaque"};
    static_assert(std::size(kNames) == std::variant_size_v<decltype(chat::Part::body)>);
    return kNames[part.body.index()];
}

std::int64_t counted(std::uint64_t seed, std::string_view bytes,
                     const std::function<std::size_t()>& count) {
    if (bytes.size() <= kNotCached) return static_cast<std::int64_t>(count());
    const std::uint64_t hash = content_hash(bytes, seed);
    if (const auto known = shared_cache().find(hash, bytes.size())) return *known;
    const std::size_t tokens = count();
    shared_cache().put(hash, bytes.size(), static_cast<std::uint32_t>(tokens));
    return static_cast<std::int64_t>(tokens);
}

// Bytes of text bound its tokens: every token has at least one.
struct Bound {
    std::int64_t operator()(const chat::Prose& prose) const { return of(prose.text); }
    std::int64_t operator()(const chat::Media& media) const {
        constexpr std::int64_t kMostOfOne = 50'000;  // no picture costs as much
        return media.source == chat::MediaSource::plain_text ? of(media.data) : kMostOfOne;
    }
    std::int64_t operator()(const chat::ToolCall& call) const {
        return kPerCall + of(call.name) + std::ssize(call.arguments);
    }
    std::int64_t operator()(const chat::ToolResult& result) const {
        std::int64_t sum = kPerResult;
        for (const chat::Part& part : result.content) sum += std::visit(*this, part.body);
        return sum;
    }
    std::int64_t operator()(const chat::Reasoning& reasoning) const { return of(reasoning.text); }
    std::int64_t operator()(const chat::WebSearch& search) const {
        std::int64_t sum = of(search.query);
        for (const chat::SearchHit& hit : search.hits) sum += of(hit.url) + of(hit.title);
        return sum;
    }
    std::int64_t operator()(const chat::Opaque& opaque) const { return std::ssize(opaque.raw); }

  private:
    static std::int64_t of(chat::Text text) { return std::ssize(text.escaped()); }
};

}  // namespace

Counter::Counter(std::shared_ptr<const Encoding> encoding, std::string model)
    : encoding_(std::move(encoding)), model_(std::move(model)), rule_(media_rule_of(model_)) {}

std::int64_t Counter::count_text(std::string_view text) const {
    return static_cast<std::int64_t>(encoding_->count(text));
}

std::int64_t Counter::of_text(chat::Text text) const {
    const std::string_view escaped = text.escaped();
    return counted(2 * encoding_->identity(), escaped, [&] {
        const bool plain = escaped.find('\\') == std::string_view::npos;
        return plain ? encoding_->count(escaped) : encoding_->count(text.decode());
    });
}

// JSON as it stands in the request; the provider shows the model much the same.
std::int64_t Counter::of_raw(std::string_view raw) const {
    return counted(2 * encoding_->identity() + 1, raw, [&] { return encoding_->count(raw); });
}

std::int64_t Counter::of_media(const chat::Media& media) const {
    if (media.source == chat::MediaSource::plain_text) return of_text(media.data);
    if (media.kind == chat::MediaKind::audio) return kSound;
    if (media.kind == chat::MediaKind::document) return document_tokens(rule_);
    std::optional<ImageSize> size;
    if (media.source == chat::MediaSource::base64) size = size_of_image(media.data.escaped());
    return image_tokens(rule_, model_, size);
}

/// Counts what one part holds.
class BlockCounter {
  public:
    explicit BlockCounter(const Counter& counter) : counter_(counter) {}

    std::int64_t operator()(const chat::Prose& prose) const { return counter_.of_text(prose.text); }
    std::int64_t operator()(const chat::Media& media) const { return counter_.of_media(media); }
    std::int64_t operator()(const chat::ToolCall& call) const {
        return kPerCall + counter_.of_text(call.name) + counter_.of_raw(call.arguments);
    }
    std::int64_t operator()(const chat::ToolResult& result) const {
        std::int64_t sum = kPerResult;
        for (const chat::Part& part : result.content) sum += std::visit(*this, part.body);
        return sum;
    }
    std::int64_t operator()(const chat::Reasoning& reasoning) const {
        return counter_.of_text(reasoning.text);
    }
    std::int64_t operator()(const chat::WebSearch& search) const {
        std::int64_t sum = counter_.of_text(search.query);
        for (const chat::SearchHit& hit : search.hits)
            sum += counter_.of_text(hit.url) + counter_.of_text(hit.title);
        return sum;
    }
    std::int64_t operator()(const chat::Opaque& opaque) const {
        return counter_.of_raw(opaque.raw);
    }

  private:
    const Counter& counter_;
};

std::int64_t Counter::of_body(const chat::Part& part) const {
    return std::visit(BlockCounter(*this), part.body);
}

std::int64_t Counter::of_tool(const chat::Tool& tool) const {
    if (!tool.server_type.empty()) return of_raw(tool.raw);
    return kPerTool + of_text(tool.name) + of_text(tool.description) + of_raw(tool.schema);
}

std::int64_t Counter::count(const chat::Conversation& conversation) const {
    std::int64_t sum = kPerAnswer;
    for (const chat::Turn& turn : conversation.turns) {
        sum += kPerTurn;
        for (const chat::Part& part : turn.parts) sum += of_body(part);
    }
    for (const chat::Tool& tool : conversation.tools) sum += of_tool(tool);
    return sum;
}

std::int64_t Counter::count(const chat::Conversation& conversation,
                            std::vector<BlockCount>& blocks) const {
    for (std::size_t t = 0; t < conversation.turns.size(); ++t) {
        const std::vector<chat::Part>& parts = conversation.turns[t].parts;
        for (std::size_t p = 0; p < parts.size(); ++p)
            blocks.push_back(
                {fmt::format("turns[{}].parts[{}]", t, p), kind_of(parts[p]), of_body(parts[p])});
    }
    for (std::size_t t = 0; t < conversation.tools.size(); ++t)
        blocks.push_back({fmt::format("tools[{}]", t), "tool", of_tool(conversation.tools[t])});
    return count(conversation);
}

std::int64_t most_tokens(const chat::Conversation& conversation) {
    std::int64_t sum = kPerAnswer;
    for (const chat::Turn& turn : conversation.turns) {
        sum += kPerTurn;
        for (const chat::Part& part : turn.parts) sum += std::visit(Bound{}, part.body);
    }
    for (const chat::Tool& tool : conversation.tools)
        sum += kPerTool + std::ssize(tool.name.escaped()) + std::ssize(tool.description.escaped()) +
               std::ssize(tool.schema) + std::ssize(tool.raw);
    return sum;
}

}  // namespace ccr::tokens
