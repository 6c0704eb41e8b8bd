// ContentsEncoder: function responses (FunctionResponse: ai.google.dev/api/caching).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/gemini/contents_encode.h"
#include "wire/gemini/media_encode.h"
#include "wire/stand_in.h"

namespace ccr::wire::gemini {

using chat::Part;
using json::Text;

namespace {

const chat::Media* bulk_media(const Part& part) {
    const auto* media = part.as<chat::Media>();
    return media && is_bulk_media(*media) ? media : nullptr;
}

Text words_of(const Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text;
    if (const auto* opaque = part.as<chat::Opaque>()) return opaque->stand_in;
    const auto* media = part.as<chat::Media>();
    if (media && media->source == chat::MediaSource::plain_text) return media->data;
    if (media && media->source == chat::MediaSource::file_id) return kForeignFile;
    return {};
}

// What a function's response may hold itself: data, of these types
// (ai.google.dev/gemini-api/docs/function-calling, "Multimodal function responses"; file references
// in FunctionResponsePart are Vertex AI's alone).
constexpr auto kInsideTypes = std::to_array<std::string_view>(
    {"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"});

const chat::Media* inside_media(const Part& part, const ModelTraits& traits) {
    const chat::Media* media = bulk_media(part);
    if (!media || !traits.media_in_results) return nullptr;
    if (part.extras.from == Protocol::gemini) return media;
    if (media->source != chat::MediaSource::base64) return nullptr;
    return std::ranges::count(kInsideTypes, media_type_of(*media)) > 0 ? media : nullptr;
}

// Texts of a result stand apart by a line, which changes no line of any of them.
std::string joined_text(const chat::ToolResult& result) {
    std::string out;
    for (const Part& part : result.content) {
        const Text text = words_of(part);
        if (text.empty()) continue;
        if (!out.empty()) out += "\\n\\n";
        out += text.escaped();
    }
    return out;
}

// The object that a Gemini client's tool answered with, kept whole.
std::string_view whole_response(const chat::ToolResult& result) {
    for (const Part& part : result.content) {
        const auto* opaque = part.as<chat::Opaque>();
        if (opaque && opaque->from == Protocol::gemini && opaque->type.equals("response"))
            return opaque->raw;
    }
    return {};
}

}  // namespace

// One response for each call, in the calls' order; then what answers no call.
void ContentsEncoder::responses() {
    std::vector<bool> used(results_.size());
    for (const chat::ToolCall* call : calls_) {
        std::size_t i = 0;
        while (i < results_.size() && (used[i] || results_[i].result->call_id != call->id)) ++i;
        if (i == results_.size()) {
            missing_response(*call);
            continue;
        }
        used[i] = true;
        response(results_[i], call->name);
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
        if (used[i]) response_media(results_[i]);
        if (!used[i]) orphan(results_[i]);
    }
}

void ContentsEncoder::response_body(const chat::ToolResult& result, const Place& where) {
    if (const std::string_view whole = whole_response(result); !whole.empty()) {
        w_.raw(whole);
        return;
    }
    if (result.is_error) note(losses_, where, Lost::is_error);
    const std::string text = joined_text(result);
    w_.open_object();
    w_.member(result.is_error ? "error" : "output", Text::from_escaped(text)).close_object();
}

void ContentsEncoder::response(const Result& one, Text name) {
    const chat::ToolResult& result = *one.result;
    for (const Part& part : result.content) {
        const auto* opaque = part.as<chat::Opaque>();
        if (opaque && opaque->stand_in.empty() && opaque->from != Protocol::gemini)
            note(losses_, one.where, opaque->type.decode(), Lost::opaque);
        const auto* media = part.as<chat::Media>();
        if (media && media->source == chat::MediaSource::file_id)
            note(losses_, one.where, Lost::file_id);
    }
    open_content("user");
    w_.open_object().key("functionResponse").open_object();
    if (!result.call_id.empty()) w_.member("id", result.call_id);
    w_.member("name", name).key("response");
    response_body(result, one.where);
    const auto inside = [&](const Part& part) { return inside_media(part, traits_); };
    if (std::ranges::any_of(result.content, inside)) {
        w_.key("parts").open_array();
        for (const Part& part : result.content) {
            const chat::Media* media = inside(part);
            if (!media) continue;
            w_.open_object();
            write_media(w_, *media, part.extras.from == Protocol::gemini ? media->title : Text());
            w_.close_object();
        }
        w_.close_array();
    }
    end_part(one.part);
    w_.close_object();
}

// Media that a response cannot hold (before Gemini 3: any) follow it, under their call's id.
void ContentsEncoder::response_media(const Result& one) {
    bool any = false;
    for (const Part& part : one.result->content) {
        const chat::Media* media = bulk_media(part);
        if (!media || inside_media(part, traits_)) continue;
        if (!any) {
            note(losses_, one.where, Lost::result_media);
            plain_part(fmt::format("Attached to the result of tool call {}:",
                                   one.result->call_id.decode()));
        }
        any = true;
        media_part(part, *media);
    }
}

// A call that was broken off has no result, and servers count calls and responses.
void ContentsEncoder::missing_response(const chat::ToolCall& call) {
    note(losses_, "turns", call.name.decode(), Lost::missing_result);
    open_content("user");
    w_.open_object().key("functionResponse").open_object();
    if (!call.id.empty()) w_.member("id", call.id);
    w_.member("name", call.name).key("response").open_object();
    w_.member("error", "There is no result: the call was broken off.");
    w_.close_object().close_object().close_object();
}

void ContentsEncoder::orphan(const Result& one) {
    note(losses_, one.where, Lost::orphan_result);
    open_content("user");
    std::string heading;
    json::escape_to(heading,
                    fmt::format("Result of tool call {}:\n", one.result->call_id.decode()));
    w_.open_object().key("text").quote_open();
    w_.piece(Text::from_escaped(heading)).piece(Text::from_escaped(joined_text(*one.result)));
    w_.quote_close().close_object();
    for (const Part& part : one.result->content) {
        if (const chat::Media* media = bulk_media(part)) media_part(part, *media);
    }
}

}  // namespace ccr::wire::gemini
