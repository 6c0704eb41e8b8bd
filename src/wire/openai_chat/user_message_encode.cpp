// What was gathered of user and system turns, as one user message.
#include <algorithm>

#include "wire/openai_chat/content_writer.h"
#include "wire/openai_chat/media_encode.h"
#include "wire/openai_chat/message_text.h"
#include "wire/openai_chat/messages_encode.h"

namespace ccr::wire::openai_chat {

void MessagesEncoder::flush_user() {
    if (pending_.empty()) return;
    const bool in_parts = std::ranges::any_of(pending_, [this](const Piece& piece) {
        return piece.part && (is_bulk_media(*piece.part) || takes_mark(*piece.part));
    });
    w_.open_object().member("role", "user").key("content");
    if (in_parts)
        write_parts(pending_);
    else
        write_text(pending_);
    w_.close_object();
    pending_.clear();
}

void MessagesEncoder::write_text(const std::vector<Piece>& pieces) {
    w_.quote_open();
    Joiner joiner(w_);
    for (const Piece& piece : pieces) {
        if (!piece.part)
            joiner.add_plain(piece.plain);
        else if (piece.reminder)
            joiner.add_reminder(text_of(*piece.part));
        else
            joiner.add(text_of(*piece.part));
    }
    w_.quote_close();
}

void MessagesEncoder::write_parts(const std::vector<Piece>& pieces) {
    w_.open_array();
    for (const Piece& piece : pieces) {
        if (piece.part && is_bulk_media(*piece.part)) {
            write_media(w_, *piece.part->as<chat::Media>());
            continue;
        }
        if (piece.part && text_of(*piece.part).empty()) continue;
        w_.open_object().member("type", "text").key("text");
        write_text({piece});
        if (piece.part && takes_mark(*piece.part)) {
            write_cache_mark(w_, piece.part->cache);
            ++marks_;
        }
        w_.close_object();
    }
    w_.close_array();
}

}  // namespace ccr::wire::openai_chat
