#include "wire/openai_chat/content_writer.h"

#include "json/document.h"

namespace ccr::wire::openai_chat {

void write_cache_mark(json::Writer& w, std::string_view mark) {
    json::Document document;
    const auto root = document.parse(mark);
    w.key("cache_control").open_object().member("type", "ephemeral");
    if (root && (*root)["ttl"].is_string()) w.member("ttl", (*root)["ttl"].text());
    w.close_object();
}

ContentWriter::ContentWriter(json::Writer& w, bool as_parts) : w_(w), as_parts_(as_parts) {
    w_.key("content");
    if (as_parts_)
        w_.open_array();
    else
        w_.quote_open();
}

Joiner& ContentWriter::text() {
    if (joiner_) return *joiner_;
    if (as_parts_) w_.open_object().member("type", "text").key("text").quote_open();
    return joiner_.emplace(w_);
}

void ContentWriter::add(json::Text text) {
    if (!text.empty()) this->text().add(text);
}

bool ContentWriter::mark(std::string_view mark) {
    if (mark.empty() || !as_parts_ || !joiner_) return false;
    end_part(mark);
    return true;
}

void ContentWriter::end_part(std::string_view mark) {
    w_.quote_close();
    if (!mark.empty()) write_cache_mark(w_, mark);
    w_.close_object();
    joiner_.reset();
}

void ContentWriter::close() {
    if (!as_parts_) {
        w_.quote_close();
        return;
    }
    if (joiner_) end_part({});
    w_.close_array();
}

}  // namespace ccr::wire::openai_chat
