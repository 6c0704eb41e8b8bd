// Content parts: API reference, "Create a model response", input (Input text, Input image, Input
// file, Output text, Refusal).
#include "wire/openai_responses/content_decode.h"

#include <fmt/format.h>

#include <array>

#include "wire/data_url.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::MediaSource;
using chat::Part;
using json::Text;
using json::View;

Result<Part> decode_image(View block, const std::string& where, Arena& arena) {
    Media media;
    const View image = block["image_url"];
    const View url = image.is_object() ? image["url"] : image;  // as Chat nests it
    if (url.is_string()) {
        fill_from_url(media, url.text(), arena);
    } else if (block["file_id"].is_string()) {
        media.source = MediaSource::file_id;
        media.data = block["file_id"].text();
    } else {
        return wrong(where + ".image_url", "Either image_url or file_id is required");
    }
    Part part;
    part.body = media;
    return part;
}

// base64 without the data URL around it, as the file API also takes it.
void fill_from_file_data(Media& media, Text data, Arena& arena) {
    fill_from_url(media, data, arena);
    if (media.source != MediaSource::url ||
        media.data.escaped().find(':') != std::string_view::npos)
        return;
    media.source = MediaSource::base64;
    media.media_type = Text::literal("application/pdf");
}

Result<Part> decode_file(View block, const std::string& where, Arena& arena) {
    Media media;
    media.kind = MediaKind::document;
    media.title = block["filename"].text();
    if (const View data = block["file_data"]; data.is_string()) {
        fill_from_file_data(media, data.text(), arena);
    } else if (block["file_url"].is_string()) {
        media.source = MediaSource::url;
        media.data = block["file_url"].text();
    } else if (block["file_id"].is_string()) {
        media.source = MediaSource::file_id;
        media.data = block["file_id"].text();
    } else {
        return wrong(where, "One of file_data, file_url and file_id is required");
    }
    Part part;
    part.body = media;
    return part;
}

Result<Part> decode_audio(View block, const std::string& where) {
    const View audio = block["input_audio"];
    if (!audio["data"].is_string()) return wrong(where + ".input_audio.data", "Field required");
    Part part;
    const bool mp3 = audio["format"].text().equals("mp3");
    part.body = Media{MediaKind::audio,
                      MediaSource::base64,
                      mp3 ? Text::literal("audio/mpeg") : Text::literal("audio/wav"),
                      audio["data"].text(),
                      {}};
    return part;
}

// Only a refusal says something that another protocol's model should read.
Result<Part> decode_other(View block, Text type, const std::string& where) {
    const bool newer =
        type.escaped().starts_with("input_") || type.escaped().starts_with("output_");
    if (!type.equals("refusal") && !newer)
        return wrong(where + ".type",
                     "Expected input_text, output_text, input_image, input_file or refusal");
    Part part;
    part.body =
        chat::Opaque{Protocol::openai_responses, type, block.raw(), block["refusal"].text()};
    return part;
}

Result<Part> decode_body(View block, const std::string& where, Arena& arena) {
    const Text type = block["type"].text();
    if (type.equals("input_text") || type.equals("output_text") || type.equals("text")) {
        if (!block["text"].is_string()) return wrong(where + ".text", "Field required");
        Part part;
        part.body = chat::Prose{block["text"].text()};
        return part;
    }
    if (type.equals("input_image")) return decode_image(block, where, arena);
    if (type.equals("input_file")) return decode_file(block, where, arena);
    if (type.equals("input_audio")) return decode_audio(block, where);
    if (type.empty()) return wrong(where + ".type", "Field required");
    return decode_other(block, type, where);
}

// Citations and probabilities belong to the answer that they came with.
bool is_understood(const Part& part, Text key) {
    static constexpr auto kText =
        std::to_array<std::string_view>({"type", "text", "annotations", "logprobs"});
    static constexpr auto kMedia = std::to_array<std::string_view>(
        {"type", "image_url", "file_id", "file_data", "file_url", "filename", "input_audio"});
    const auto among = [&](const auto& names) {
        for (const std::string_view name : names) {
            if (key.equals(name)) return true;
        }
        return false;
    };
    if (part.as<chat::Prose>()) return among(kText);
    if (part.as<Media>()) return among(kMedia);
    return true;  // opaque: raw holds everything
}

Result<Part> decode_part(View block, const std::string& where, Arena& arena) {
    if (!block.is_object()) return wrong(where, "Expected an object");
    TRY(Part part, decode_body(block, where, arena));
    part.extras.from = Protocol::openai_responses;
    for (const auto member : block.members()) {
        if (!is_understood(part, member.key()) && !member.value.is_null())
            part.extras.members.emplace_back(member.key(), member.value.raw());
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
        part.extras.from = Protocol::openai_responses;
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

}  // namespace ccr::wire::openai_responses
