#include "wire/openai_chat/content_decode.h"

#include <fmt/format.h>

#include "wire/call_arguments.h"
#include "wire/data_url.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::MediaSource;
using chat::Part;
using json::Text;
using json::View;

Result<Part> decode_image(View block, const std::string& where, Arena& arena) {
    const View image = block["image_url"];
    const View url = image.is_string() ? image : image["url"];
    if (!url.is_string()) return wrong(where + ".image_url.url", "Field required");
    Media media;
    fill_from_url(media, url.text(), arena);
    Part part;
    part.body = media;
    // Belongs into `image_url` again when it is written back.
    if (const View detail = image["detail"]; detail) {
        part.extras.members.emplace_back(Text::literal("detail"), detail.raw());
    }
    return part;
}

Text audio_type(Text format, Arena& arena) {
    if (format.equals("mp3")) return Text::literal("audio/mpeg");
    if (format.empty() || format.equals("wav")) return Text::literal("audio/wav");
    return Text::from_escaped(arena.keep(fmt::format("audio/{}", format.escaped())));
}

Result<Part> decode_audio(View block, const std::string& where, Arena& arena) {
    const View audio = block["input_audio"];
    if (!audio["data"].is_string()) return wrong(where + ".input_audio.data", "Field required");
    Part part;
    part.body = Media{MediaKind::audio,
                      MediaSource::base64,
                      audio_type(audio["format"].text(), arena),
                      audio["data"].text(),
                      {}};
    return part;
}

Result<Part> decode_file(View block, const std::string& where, Arena& arena) {
    const View file = block["file"];
    Media media;
    media.kind = MediaKind::document;
    media.title = file["filename"].text();
    if (const View data = file["file_data"]; data.is_string()) {
        fill_from_url(media, data.text(), arena);
        const bool bare = media.source == MediaSource::url &&
                          media.data.escaped().find(':') == std::string_view::npos;
        if (bare) {  // base64 without the data URL around it, as the file API also takes it
            media.source = MediaSource::base64;
            media.media_type = Text::literal("application/pdf");
        }
    } else if (file["file_id"].is_string()) {
        media.source = MediaSource::file_id;
        media.data = file["file_id"].text();
    } else {
        return wrong(where + ".file", "Either file_data or file_id is required");
    }
    Part part;
    part.body = media;
    return part;
}

Part decode_other(View block) {
    Part part;
    // Only a refusal says something that another protocol's model should read.
    part.body = chat::Opaque{Protocol::openai_chat, block["type"].text(), block.raw(),
                             block["refusal"].text()};
    return part;
}

Result<Part> decode_body(View block, const std::string& where, Arena& arena) {
    const Text type = block["type"].text();
    if (type.equals("text") || type.equals("input_text") || type.equals("output_text")) {
        if (!block["text"].is_string()) return wrong(where + ".text", "Field required");
        Part part;
        part.body = chat::Prose{block["text"].text()};
        return part;
    }
    if (type.equals("image_url")) return decode_image(block, where, arena);
    if (type.equals("input_audio")) return decode_audio(block, where, arena);
    if (type.equals("file")) return decode_file(block, where, arena);
    if (type.empty()) return wrong(where + ".type", "Field required");
    return decode_other(block);
}

bool is_understood(const Part& part, Text key) {
    if (key.equals("type") || key.equals("cache_control")) return true;
    if (part.as<chat::Prose>()) return key.equals("text");
    if (part.as<Media>()) {
        return key.equals("image_url") || key.equals("input_audio") || key.equals("file");
    }
    return true;  // opaque: raw holds everything
}

Result<Part> decode_part(View block, const std::string& where, Arena& arena) {
    if (!block.is_object()) return wrong(where, "Expected an object");
    TRY(Part part, decode_body(block, where, arena));
    part.extras.from = Protocol::openai_chat;
    if (const View cache = block["cache_control"]; cache && !cache.is_null())
        part.cache = cache.raw();
    for (const auto member : block.members()) {
        if (!is_understood(part, member.key())) {
            part.extras.members.emplace_back(member.key(), member.value.raw());
        }
    }
    return part;
}

}  // namespace

std::unexpected<Error> wrong(std::string_view where, std::string_view what) {
    return fail(ErrorKind::invalid_request, fmt::format("{}: {}", where, what));
}

Result<std::vector<Part>> decode_content(View content, const std::string& where, Arena& arena) {
    std::vector<Part> parts;
    if (!content || content.is_null()) return parts;
    if (content.is_string()) {
        if (content.text().empty()) return parts;
        Part part;
        part.extras.from = Protocol::openai_chat;
        part.body = chat::Prose{content.text()};
        parts.push_back(std::move(part));
        return parts;
    }
    if (!content.is_array()) return wrong(where, "Expected a string or an array of content parts");
    std::size_t index = 0;
    for (const View block : content.elements()) {
        TRY(Part part, decode_part(block, fmt::format("{}[{}]", where, index++), arena));
        parts.push_back(std::move(part));
    }
    return parts;
}

Result<Part> decode_tool_call(View call, const std::string& where, std::string_view id_if_none,
                              Arena& arena) {
    if (!call.is_object()) return wrong(where, "Expected an object");
    const bool custom = call["type"].text().equals("custom");
    const std::string member = custom ? ".custom" : ".function";
    const View body = call[custom ? "custom" : "function"];
    if (!body.is_object()) return wrong(where + member, "Field required");
    if (body["name"].text().empty()) return wrong(where + member + ".name", "Field required");
    Text id = call["id"].text();
    if (id.empty()) id = Text::from_plain(arena.keep(id_if_none), arena);
    Part part;
    part.extras.from = Protocol::openai_chat;
    part.body = chat::ToolCall{id, body["name"].text(),
                               object_of_arguments(body[custom ? "input" : "arguments"], arena)};
    return part;
}

}  // namespace ccr::wire::openai_chat
