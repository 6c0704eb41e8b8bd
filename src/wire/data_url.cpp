#include "wire/data_url.h"

namespace ccr::wire {

using json::Text;
using json::Writer;

namespace {

// A slice without escapes: data URLs of some clients write "\/", which only reading removes.
Text unescaped_slashes(Text text, Arena& arena) {
    if (text.escaped().find('\\') == std::string_view::npos) return text;
    return Text::from_plain(text.plain(arena), arena);
}

}  // namespace

void fill_from_url(chat::Media& media, Text url, Arena& arena) {
    const Text clean = url.escaped().starts_with("data:") ? unescaped_slashes(url, arena) : url;
    const std::string_view s = clean.escaped();
    const std::size_t comma = s.find(',');
    const std::string_view head = s.substr(0, comma);
    if (comma == std::string_view::npos || !head.starts_with("data:") ||
        !head.ends_with(";base64")) {
        media.source = chat::MediaSource::url;
        media.data = url;
        return;
    }
    media.source = chat::MediaSource::base64;
    media.media_type = Text::from_escaped(head.substr(5, head.find(';') - 5));
    media.data = Text::from_escaped(s.substr(comma + 1));
}

void write_data_url(Writer& w, const chat::Media& media, Text fallback_type) {
    const Text type = media.media_type.empty() ? fallback_type : media.media_type;
    w.quote_open().piece(Text::literal("data:")).piece(type);
    w.piece(Text::literal(";base64,")).piece(media.data).quote_close();
}

}  // namespace ccr::wire
