#include "wire/openai_chat/message_text.h"

#include "wire/stand_in.h"

namespace ccr::wire::openai_chat {

using chat::Part;
using json::Text;

Text text_of(const Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text;
    if (const auto* opaque = part.as<chat::Opaque>()) return opaque->stand_in;
    if (const auto* media = part.as<chat::Media>()) {
        if (media->source == chat::MediaSource::plain_text) return media->data;
    }
    return {};
}

std::string note_on(const chat::Media& media) {
    if (media.source == chat::MediaSource::file_id) {
        return kForeignFile.decode();
    }
    const bool image = media.kind == chat::MediaKind::image;
    if (media.source == chat::MediaSource::url && !image) {
        return "[Document: " + media.data.decode() + "]";
    }
    return {};
}

bool is_bulk_media(const Part& part) {
    const auto* media = part.as<chat::Media>();
    if (!media) return false;
    const bool image_url =
        media->source == chat::MediaSource::url && media->kind == chat::MediaKind::image;
    return media->source == chat::MediaSource::base64 || image_url;
}

void Joiner::gap() {
    if (any_) w_.piece(Text::literal("\\n\\n"));
    any_ = true;
}

void Joiner::add(Text text) {
    if (text.empty()) return;
    gap();
    w_.piece(text);
}

void Joiner::add_plain(std::string_view plain) {
    gap();
    std::string escaped;
    json::escape_to(escaped, plain);
    w_.piece(Text::from_escaped(escaped));
}

void Joiner::add_reminder(Text text) {
    gap();
    w_.piece(Text::literal("<system-reminder>\\n")).piece(text);
    w_.piece(Text::literal("\\n</system-reminder>"));
}

}  // namespace ccr::wire::openai_chat
