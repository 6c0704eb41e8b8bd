#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "wire/anthropic/losses.h"
#include "wire/anthropic/parts.h"
#include "wire/seal.h"
#include "wire/stand_in.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Part;
using json::Text;
using json::Writer;

// Words in the place of media that Messages cannot take; empty for all others.
Text stand_in_of(const Part& part, const chat::Media& media) {
    if (media.kind == chat::MediaKind::audio) return kSound;
    const bool foreign = part.extras.from != Protocol::anthropic;
    return foreign && media.source == chat::MediaSource::file_id ? kForeignFile : Text();
}

bool is_of_ids(unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
}

void encode_extras(Writer& w, const chat::Extras& extras) {
    if (extras.from != Protocol::anthropic) return;
    for (const auto& [key, raw] : extras.members) w.escaped_key(key).raw(raw);
}

// Members that follow a block's own: the cache mark, and what its decoder did not understand.
void close_block(Writer& w, const Part& part) {
    if (!part.cache.empty()) w.member_raw("cache_control", part.cache);
    encode_extras(w, part.extras);
    w.close_object();
}

std::string_view source_type(chat::MediaSource source) {
    switch (source) {
        case chat::MediaSource::base64:
            return "base64";
        case chat::MediaSource::url:
            return "url";
        case chat::MediaSource::plain_text:
            return "text";
        case chat::MediaSource::file_id:
            return "file";
    }
    return "base64";
}

std::string_view data_key(chat::MediaSource source) {
    switch (source) {
        case chat::MediaSource::url:
            return "url";
        case chat::MediaSource::file_id:
            return "file_id";
        default:
            return "data";
    }
}

void encode_media(Writer& w, const Part& part, const chat::Media& media) {
    w.open_object().member("type", media.kind == chat::MediaKind::image ? "image" : "document");
    w.key("source").open_object().member("type", source_type(media.source));
    const bool typed =
        media.source == chat::MediaSource::base64 || media.source == chat::MediaSource::plain_text;
    if (typed && !media.media_type.empty()) w.member("media_type", media.media_type);
    w.member(data_key(media.source), media.data).close_object();
    if (!media.title.empty()) w.member("title", media.title);
    close_block(w, part);
}

void encode_reasoning(Writer& w, const Part& part, const chat::Reasoning& reasoning) {
    w.open_object();
    if (reasoning.redacted) {
        w.member("type", "redacted_thinking").member("data", reasoning.seal);
    } else {
        w.member("type", "thinking").member("thinking", reasoning.text).key("signature");
        if (reasoning.from.protocol == Protocol::anthropic)
            w.text(reasoning.seal);
        else
            w.string(pack_seal(reasoning.from, reasoning.seal, reasoning.details));
    }
    close_block(w, part);
}

// One encode() per kind of part; each writes whole blocks or records why it wrote none.
class PartEncoder {
  public:
    PartEncoder(Writer& w, const Part& part, const Place& where, ForeignThinking foreign,
                chat::Losses& losses)
        : w_(w), part_(part), where_(where), foreign_(foreign), losses_(losses) {}

    void operator()(const chat::Prose& prose) {
        // Messages refuses a text without characters.
        if (prose.text.empty() && part_.extras.from != Protocol::anthropic) return;
        w_.open_object().member("type", "text").member("text", prose.text);
        close_block(w_, part_);
    }
    void operator()(const chat::Media& media) {
        if (const Text words = stand_in_of(part_, media); !words.empty()) {
            lose(media.kind == chat::MediaKind::audio ? Lost::audio : Lost::file_id);
            return say(words);
        }
        encode_media(w_, part_, media);
    }
    void operator()(const chat::ToolCall& call) {
        w_.open_object().member("type", "tool_use");
        write_id("id", call.id);
        w_.member("name", call.name);
        w_.member_raw("input", call.arguments);
        close_block(w_, part_);
    }
    void operator()(const chat::ToolResult& result) {
        w_.open_object().member("type", "tool_result");
        write_id("tool_use_id", result.call_id);
        w_.key("content");
        encode_content(w_, result.content, where_.member("content"), foreign_, losses_);
        if (result.is_error) w_.key("is_error").boolean(true);
        close_block(w_, part_);
    }
    void operator()(const chat::Reasoning& reasoning) {
        if (foreign_ == ForeignThinking::leave_out && is_foreign_thinking(part_)) {
            return lose(Lost::thinking);
        }
        encode_reasoning(w_, part_, reasoning);
    }
    void operator()(const chat::WebSearch& search);
    void operator()(const chat::Opaque& opaque) {
        if (opaque.from == Protocol::anthropic) {
            w_.raw(opaque.raw);
        } else if (!opaque.stand_in.empty()) {
            say(opaque.stand_in);
        } else {
            note(losses_, where_, opaque.type.decode(), Lost::opaque);
        }
    }

  private:
    // Messages takes letters, digits, _ and - ("functions.Read:0" is an id of Kimi's).
    void write_id(std::string_view member, Text id) {
        std::string plain = id.decode();
        const bool to_provider = foreign_ == ForeignThinking::leave_out;
        if (to_provider && part_.extras.from != Protocol::anthropic)
            std::ranges::replace_if(plain, [](unsigned char c) { return !is_of_ids(c); }, '_');
        w_.member(member, std::string_view(plain));
    }
    void lose(Lost lost) { note(losses_, where_, lost); }
    void say(Text words) {
        w_.open_object().member("type", "text").member("text", words).close_object();
    }
    Writer& w_;
    const Part& part_;
    Place where_;
    ForeignThinking foreign_;
    chat::Losses& losses_;
};

// Two blocks, as the provider-run search of Messages writes them; the client's reader joins them by
// id.
void PartEncoder::operator()(const chat::WebSearch& search) {
    w_.open_object()
        .member("type", "server_tool_use")
        .member("id", search.id)
        .member("name", "web_search");
    w_.key("input").open_object().member("query", search.query).close_object().close_object();
    w_.open_object().member("type", "web_search_tool_result").member("tool_use_id", search.id);
    w_.key("content").open_array();
    for (const chat::SearchHit& hit : search.hits) {
        w_.open_object()
            .member("type", "web_search_result")
            .member("url", hit.url)
            .member("title", hit.title);
        w_.member("encrypted_content", "").key("page_age").null().close_object();
    }
    w_.close_array().close_object();
}

void note_foreign_members(const Part& part, const Place& where, chat::Losses& losses) {
    if (part.extras.from == Protocol::anthropic) return;
    for (const auto& [key, raw] : part.extras.members) {
        note(losses, where, key.decode(), Lost::member);
    }
}

}  // namespace

bool is_foreign_thinking(const Part& part) {
    const auto* reasoning = part.as<chat::Reasoning>();
    return reasoning && reasoning->from.protocol != Protocol::anthropic;
}

Text text_of(const Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text;
    if (const auto* opaque = part.as<chat::Opaque>()) return opaque->stand_in;
    const auto* media = part.as<chat::Media>();
    if (!media) return {};
    return media->source == chat::MediaSource::plain_text ? media->data : stand_in_of(part, *media);
}

bool is_written(const Part& part) {
    const auto* prose = part.as<chat::Prose>();
    if (prose) return !prose->text.empty();
    const auto* opaque = part.as<chat::Opaque>();
    if (opaque && opaque->from != Protocol::anthropic) return !opaque->stand_in.empty();
    return !is_foreign_thinking(part);
}

void encode_content(Writer& w, const std::vector<Part>& parts, const Place& where,
                    ForeignThinking foreign, chat::Losses& losses) {
    w.open_array();
    std::size_t index = 0;
    for (const Part& part : parts) {
        const Place place = where.element(index++);
        note_foreign_members(part, place, losses);
        PartEncoder encoder(w, part, place, foreign, losses);
        std::visit(encoder, part.body);
    }
    w.close_array();
}

}  // namespace ccr::wire::anthropic
