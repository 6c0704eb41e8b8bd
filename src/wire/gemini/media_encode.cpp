// Blob and FileData: ai.google.dev/api/caching, "Part".
#include "wire/gemini/media_encode.h"

#include <array>

#include "base/text_case.h"

namespace ccr::wire::gemini {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::MediaSource;
using json::Writer;

// What an address without a type is taken for, by its ending.
constexpr auto kEndings =
    std::to_array<std::pair<std::string_view, const char*>>({{".png", "image/png"},
                                                             {".webp", "image/webp"},
                                                             {".gif", "image/gif"},
                                                             {".heic", "image/heic"},
                                                             {".pdf", "application/pdf"},
                                                             {".txt", "text/plain"},
                                                             {".mp3", "audio/mpeg"},
                                                             {".wav", "audio/wav"}});

std::string_view usual_type(MediaKind kind) {
    if (kind == MediaKind::image) return "image/jpeg";
    return kind == MediaKind::audio ? "audio/mpeg" : "application/pdf";
}

std::string_view type_of_address(const Media& media) {
    std::string address = lower_case(media.data.decode());
    address.resize(std::min(address.find_first_of("?#"), address.size()));
    for (const auto& [ending, type] : kEndings) {
        if (address.ends_with(ending)) return type;
    }
    return usual_type(media.kind);
}

}  // namespace

std::string media_type_of(const Media& media) {
    if (!media.media_type.empty()) return media.media_type.decode();
    if (media.source == MediaSource::url) return std::string(type_of_address(media));
    return std::string(media.kind == MediaKind::image ? "image/png" : usual_type(media.kind));
}

bool is_bulk_media(const Media& media) {
    return media.source == MediaSource::base64 || media.source == MediaSource::url;
}

void write_media(Writer& w, const Media& media, json::Text name) {
    const bool blob = media.source == MediaSource::base64;
    w.key(blob ? "inlineData" : "fileData").open_object();
    w.member("mimeType", media_type_of(media));
    if (!name.empty()) w.member("displayName", name);
    w.member(blob ? "data" : "fileUri", media.data).close_object();
}

}  // namespace ccr::wire::gemini
