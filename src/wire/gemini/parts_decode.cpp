// Part, Blob, FileData, ExecutableCode, CodeExecutionResult: ai.google.dev/api/caching, "Part".
#include "wire/gemini/parts_decode.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/gemini/contents_decode.h"
#include "wire/gemini/names.h"

namespace ccr::wire::gemini {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::MediaSource;
using chat::Part;
using json::Text;
using json::View;

MediaKind kind_of(Text type) {
    if (type.escaped().starts_with("image")) return MediaKind::image;
    return type.escaped().starts_with("audio") ? MediaKind::audio : MediaKind::document;
}

// Clients write "image\/png".
Text unescaped(Text text, Arena& arena) {
    return text.escaped().find('\\') == std::string_view::npos
               ? text
               : Text::from_plain(text.plain(arena), arena);
}

Text words(Arena& arena, const std::string& plain) {
    return Text::from_plain(arena.keep(plain), arena);
}

Text stand_in_of(View part, Arena& arena) {
    if (const View code = field(part, "executableCode"))
        return words(arena, fmt::format("```\n{}\n```", code["code"].text().decode()));
    if (const View result = field(part, "codeExecutionResult"))
        return words(arena,
                     fmt::format("Output of the code:\n{}", result["output"].text().decode()));
    return {};
}

}  // namespace

void keep_members(View part, std::initializer_list<std::string_view> known, chat::Extras& extras) {
    extras.from = Protocol::gemini;
    for (const auto member : part.members()) {
        const auto is_it = [&](std::string_view name) { return is_named(member.key(), name); };
        if (std::ranges::none_of(known, is_it) && !member.value.is_null())
            extras.members.emplace_back(member.key(), member.value.raw());
    }
}

Result<Part> decode_media(View part, const std::string& where, Arena& arena) {
    const View blob = field(part, "inlineData");
    const View body = blob ? blob : field(part, "fileData");
    const std::string place = where + (blob ? ".inlineData" : ".fileData");
    Media media;
    media.media_type = unescaped(field(body, "mimeType").text(), arena);
    media.title = field(body, "displayName").text();
    media.kind = kind_of(media.media_type);
    media.source = blob ? MediaSource::base64 : MediaSource::url;
    const View data = blob ? body["data"] : field(body, "fileUri");
    if (!data.is_string()) return wrong(place + (blob ? ".data" : ".fileUri"), "Field required");
    media.data = unescaped(data.text(), arena);
    Part out;
    if (media.media_type.escaped().starts_with("video")) {
        out.body = chat::Opaque{Protocol::gemini, Text::literal("video"), part.raw(),
                                Text::literal("[A video stood here.]")};
        out.extras.from = Protocol::gemini;
        return out;
    }
    out.body = media;
    keep_members(part, {"inlineData", "fileData", "thought"}, out.extras);
    return out;
}

Part opaque_part(View part, Arena& arena) {
    Part out;
    out.extras.from = Protocol::gemini;
    Text type = Text::literal("part");
    for (const auto member : part.members()) {
        if (member.value.is_object()) type = member.key();
    }
    out.body = chat::Opaque{Protocol::gemini, type, part.raw(), stand_in_of(part, arena)};
    return out;
}

}  // namespace ccr::wire::gemini
