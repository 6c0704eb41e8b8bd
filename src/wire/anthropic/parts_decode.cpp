#include <fmt/format.h>

#include "wire/anthropic/parts.h"
#include "wire/seal.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Part;
using json::View;

std::unexpected<Error> wrong(const Place& where, std::string_view what) {
    return fail(ErrorKind::invalid_request, fmt::format("{}: {}", where.text(), what));
}

json::Text phrase(Arena& arena, const std::string& plain) {
    return json::Text::from_plain(arena.keep(plain), arena);
}

chat::Opaque opaque(View block, json::Text stand_in = {}) {
    return {Protocol::anthropic, block["type"].text(), block.raw(), stand_in};
}

// A member that may be left out, but must be a string where it is there.
Result<json::Text> optional_text(View block, std::string_view key, const Place& where) {
    const View value = block[key];
    if (!value || value.is_null()) return json::Text();
    if (!value.is_string()) return wrong(where.member(key), "Input should be a valid string");
    return value.text();
}

Result<json::Text> required_text(View value, std::string_view key, const Place& where) {
    if (!value.is_string()) return wrong(where.member(key), "Input should be a valid string");
    return value.text();
}

Result<void> decode_text(View block, const Place& where, Part& part) {
    TRY(const json::Text text, required_text(block["text"], "text", where));
    part.body.emplace<chat::Prose>(text);
    return {};
}

chat::Media media_of(View block, chat::MediaKind kind) {
    chat::Media media;
    media.kind = kind;
    const View source = block["source"];
    media.media_type = source["media_type"].text();
    media.title = block["title"].text();
    const json::Text type = source["type"].text();
    if (type.equals("url")) {
        media.source = chat::MediaSource::url;
        media.data = source["url"].text();
    } else if (type.equals("file")) {
        media.source = chat::MediaSource::file_id;
        media.data = source["file_id"].text();
    } else {
        media.source =
            type.equals("text") ? chat::MediaSource::plain_text : chat::MediaSource::base64;
        media.data = source["data"].text();
    }
    return media;
}

Result<void> decode_media(View block, chat::MediaKind kind, const Place& where, Part& part) {
    const View source = block["source"];
    if (!source.is_object()) return wrong(where.member("source"), "Field required");
    // A document made of blocks has no counterpart elsewhere: it stays as it is.
    if (source["type"].text().equals("content"))
        part.body = opaque(block);
    else
        part.body = media_of(block, kind);
    return {};
}

Result<void> decode_tool_use(View block, const Place& where, Part& part) {
    TRY(const json::Text id, required_text(block["id"], "id", where));
    if (id.empty()) return wrong(where.member("id"), "Field required");
    TRY(json::Text name, required_text(block["name"], "name", where));
    // A weak model's call of nothing stays in its client's history: refused, it would end the
    // conversation, here or at a provider.
    if (name.empty()) name = json::Text::literal("unnamed");
    const View input = block["input"];
    if (input && !input.is_object())
        return wrong(where.member("input"), "Input should be an object");
    part.body.emplace<chat::ToolCall>(id, name, input ? input.raw() : std::string_view("{}"));
    return {};
}

Result<void> decode_tool_result(View block, const Place& where, Arena& arena, Part& part) {
    auto& result = part.body.emplace<chat::ToolResult>();
    result.call_id = block["tool_use_id"].text();
    if (result.call_id.empty()) return wrong(where.member("tool_use_id"), "Field required");
    result.is_error = block["is_error"].boolean().value_or(false);
    TRY(result.content, decode_content(block["content"], where.member("content"), arena));
    return {};
}

Result<void> decode_thinking(View block, const Place& where, Arena& arena, Part& part) {
    auto& reasoning = part.body.emplace<chat::Reasoning>();
    reasoning.from.protocol = Protocol::anthropic;
    TRY(reasoning.text, optional_text(block, "thinking", where));
    TRY(const json::Text signature, optional_text(block, "signature", where));
    if (!unpack_seal(signature, reasoning, arena)) reasoning.seal = signature;
    return {};
}

chat::Reasoning redacted_thinking(View block) {
    chat::Reasoning reasoning;
    reasoning.redacted = true;
    reasoning.seal = block["data"].text();
    return reasoning;
}

// What a model of another protocol is told in place of a block it cannot have.
json::Text stand_in_of(View block, json::Text type, Arena& arena) {
    if (type.equals("tool_reference")) {
        return phrase(arena, fmt::format("The tool {} is now loaded and can be called.",
                                         block["tool_name"].text().decode()));
    }
    if (type.equals("search_result")) {
        std::string text =
            fmt::format("{} ({})", block["title"].text().decode(), block["source"].text().decode());
        for (const View piece : block["content"].elements())
            text += "\n" + piece["text"].text().decode();
        return phrase(arena, text);
    }
    if (type.equals("web_search_tool_result")) {
        std::string text = "Web search results:";
        for (const View hit : block["content"].elements()) {
            text +=
                fmt::format("\n- {} {}", hit["title"].text().decode(), hit["url"].text().decode());
        }
        return phrase(arena, text);
    }
    return {};
}

Result<void> decode_body(View block, const Place& where, Arena& arena, Part& part) {
    const json::Text type = block["type"].text();
    if (type.equals("text")) return decode_text(block, where, part);
    if (type.equals("tool_use")) return decode_tool_use(block, where, part);
    if (type.equals("tool_result")) return decode_tool_result(block, where, arena, part);
    if (type.equals("thinking")) return decode_thinking(block, where, arena, part);
    if (type.equals("image")) return decode_media(block, chat::MediaKind::image, where, part);
    if (type.equals("document")) return decode_media(block, chat::MediaKind::document, where, part);
    if (type.empty()) return wrong(where.member("type"), "Field required");
    if (type.equals("redacted_thinking"))
        part.body = redacted_thinking(block);
    else
        part.body = opaque(block, stand_in_of(block, type, arena));
    return {};
}

// Asked for every member of every block, hence once by the kind of block and not by each key.
struct IsUnderstood {
    json::Text key;
    bool operator()(const chat::Prose&) const { return key.equals("text"); }
    bool operator()(const chat::Media&) const {
        return key.equals("source") || key.equals("title");
    }
    bool operator()(const chat::ToolCall&) const {
        return key.equals("id") || key.equals("name") || key.equals("input");
    }
    bool operator()(const chat::ToolResult&) const {
        return key.equals("tool_use_id") || key.equals("content") || key.equals("is_error");
    }
    bool operator()(const chat::Reasoning&) const {
        return key.equals("thinking") || key.equals("signature") || key.equals("data");
    }
    bool operator()(const chat::WebSearch&) const { return true; }  // not of a request
    bool operator()(const chat::Opaque&) const { return true; }     // raw holds everything
};

// What every kind of block may have besides its own members, and what nobody here knows.
void decode_common(View block, Part& part) {
    part.extras.from = Protocol::anthropic;
    for (const auto member : block.members()) {
        const json::Text key = member.key();
        if (key.equals("type")) continue;
        if (key.equals("cache_control"))
            part.cache = member.value.is_null() ? std::string_view() : member.value.raw();
        else if (!std::visit(IsUnderstood{key}, part.body))
            part.extras.members.emplace_back(key, member.value.raw());
    }
}

// Into its place: a part is large, and a long conversation has thousands.
Result<void> decode_block(View block, const Place& where, Arena& arena, Part& part) {
    if (!block.is_object()) return wrong(where, "Input should be an object");
    TRY_DO(decode_body(block, where, arena, part));
    decode_common(block, part);
    return {};
}

}  // namespace

Result<std::vector<Part>> decode_content(View content, const Place& where, Arena& arena) {
    std::vector<Part> parts;
    if (!content || content.is_null()) return parts;
    if (content.is_string()) {
        Part& part = parts.emplace_back();
        part.extras.from = Protocol::anthropic;
        part.body = chat::Prose{content.text()};
        return parts;
    }
    if (!content.is_array()) return wrong(where, "Input should be a valid string or array");
    parts.reserve(content.size());
    std::size_t index = 0;
    for (const View block : content.elements()) {
        TRY_DO(decode_block(block, where.element(index++), arena, parts.emplace_back()));
    }
    return parts;
}

}  // namespace ccr::wire::anthropic
