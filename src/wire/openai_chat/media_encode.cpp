// Shapes: API reference, "Create chat completion", content parts of a user message.
#include "wire/openai_chat/media_encode.h"

#include "wire/data_url.h"

namespace ccr::wire::openai_chat {
namespace {

using json::Text;
using json::Writer;

void write_image(Writer& w, const chat::Media& media) {
    w.member("type", "image_url").key("image_url").open_object().key("url");
    if (media.source == chat::MediaSource::url)
        w.text(media.data);
    else
        write_data_url(w, media, Text::literal("image/png"));
    w.close_object();
}

void write_file(Writer& w, const chat::Media& media) {
    w.member("type", "file").key("file").open_object().key("filename");
    if (media.title.empty())
        w.string("document.pdf");
    else
        w.text(media.title);
    w.key("file_data");
    write_data_url(w, media, Text::literal("application/pdf"));
    w.close_object();
}

void write_audio(Writer& w, const chat::Media& media) {
    const bool wav = media.media_type.decode().find("wav") != std::string::npos;
    w.member("type", "input_audio").key("input_audio").open_object().member("data", media.data);
    w.member("format", std::string_view(wav ? "wav" : "mp3")).close_object();
}

}  // namespace

void write_media(Writer& w, const chat::Media& media) {
    w.open_object();
    switch (media.kind) {
        case chat::MediaKind::image:
            write_image(w, media);
            break;
        case chat::MediaKind::document:
            write_file(w, media);
            break;
        case chat::MediaKind::audio:
            write_audio(w, media);
            break;
    }
    w.close_object();
}

}  // namespace ccr::wire::openai_chat
