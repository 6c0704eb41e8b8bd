// Shapes: API reference, "Create a model response", input.
#include "wire/openai_responses/items_encode.h"

#include <algorithm>

#include "wire/data_url.h"
#include "wire/openai_responses/names.h"
#include "wire/stand_in.h"

namespace ccr::wire::openai_responses {

using chat::Media;
using chat::MediaSource;
using chat::Part;
using chat::Role;
using json::Text;

namespace {

constexpr Place kTurns("turns");

std::string_view role_name(Role role) {
    switch (role) {
        case Role::system:
            return "developer";
        case Role::assistant:
            return "assistant";
        case Role::user:
            return "user";
    }
    return "user";
}

bool is_own(const chat::Extras& extras) {
    return extras.from == Protocol::openai_responses;
}

std::string_view phase_of(const Part& part) {
    if (!is_own(part.extras)) return {};
    for (const auto& [key, raw] : part.extras.members) {
        if (key.equals("phase")) return raw;
    }
    return {};
}

bool is_content_type(Text type) {
    return type.equals("refusal") || type.escaped().starts_with("input_") ||
           type.escaped().starts_with("output_");
}

bool is_sendable(const Media& media, const Part& part) {
    return media.source != MediaSource::file_id || is_own(part.extras);
}

bool needs_parts(const Part& part) {
    const auto* media = part.as<Media>();
    if (const auto* opaque = part.as<chat::Opaque>())
        return opaque->from == Protocol::openai_responses && is_content_type(opaque->type);
    return media && media->source != MediaSource::plain_text && is_sendable(*media, part);
}

}  // namespace

Text text_of(const Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text;
    if (const auto* opaque = part.as<chat::Opaque>()) return opaque->stand_in;
    const auto* media = part.as<Media>();
    if (media && media->source == MediaSource::plain_text) return media->data;
    return media && !is_sendable(*media, part) ? kForeignFile : Text();
}

void ItemsEncoder::lose(Lost lost) {
    note(losses_, where_, lost);
}
void ItemsEncoder::lose_opaque(const chat::Opaque& opaque) {
    note(losses_, where_, opaque.type.decode(), Lost::opaque);
}

void ItemsEncoder::encode(const std::vector<chat::Turn>& turns, std::size_t first) {
    for (std::size_t i = first; i < turns.size(); ++i) {
        where_ = kTurns.element(i);
        turn(turns[i]);
    }
}

void ItemsEncoder::turn(const chat::Turn& turn) {
    for (const Part& each : turn.parts) part(each, turn.role);
    close_message();
}

void ItemsEncoder::part(const Part& part, Role role) {
    if (const auto* made = part.as<chat::ToolCall>()) return call(*made);
    if (const auto* got = part.as<chat::ToolResult>()) return result(*got);
    if (const auto* thought = part.as<chat::Reasoning>()) return reasoning(*thought);
    if (const auto* other = part.as<chat::Opaque>()) return opaque(part, *other, role);
    if (part.as<chat::WebSearch>()) return note(losses_, where_, "web search", Lost::opaque);
    const auto* seen = part.as<Media>();
    if (seen && role == Role::assistant && seen->source != MediaSource::plain_text)
        return lose(Lost::assistant_media);
    content(part, role);
}

void ItemsEncoder::open_message(Role role, const Part& part) {
    const std::string_view phase = phase_of(part);
    if (!phase.empty()) close_message();
    if (message_) return;
    message_ = true;
    w_.open_object().member("type", "message").member("role", role_name(role));
    if (!phase.empty() && role == Role::assistant) w_.member_raw("phase", phase);
    w_.key("content").open_array();
}

void ItemsEncoder::close_message() {
    if (message_) w_.close_array().close_object();
    message_ = false;
}

void ItemsEncoder::content(const Part& part, Role role) {
    const auto* seen = part.as<Media>();
    if (seen && !is_sendable(*seen, part)) {
        lose(Lost::file_id);
        return text(text_of(part), {}, role);
    }
    if (seen && seen->source != MediaSource::plain_text) {
        open_message(role, part);
        return media(part, *seen);
    }
    text(text_of(part), part, role);
}

void ItemsEncoder::text(Text text, const Part& part, Role role) {
    if (text.empty()) return;
    open_message(role, part);
    w_.open_object()
        .member("type", role == Role::assistant ? "output_text" : "input_text")
        .member("text", text);
    if (is_own(part.extras)) {
        for (const auto& [key, raw] : part.extras.members) {
            if (!key.equals("phase")) w_.escaped_key(key).raw(raw);
        }
    }
    w_.close_object();
}

// Inside a message or an output, one part.
void ItemsEncoder::media(const Part& part, const Media& media) {
    const bool image = media.kind == chat::MediaKind::image;
    const bool audio = media.kind == chat::MediaKind::audio;
    w_.open_object().member("type", audio ? "input_audio" : image ? "input_image" : "input_file");
    if (audio) {
        const bool mp3 = media.media_type.equals("audio/mpeg");
        w_.key("input_audio").open_object().member("data", media.data);
        w_.member("format", mp3 ? "mp3" : "wav").close_object();
    } else if (media.source == MediaSource::file_id) {
        w_.member("file_id", media.data);
    } else if (media.source == MediaSource::url) {
        w_.member(image ? "image_url" : "file_url", media.data);
    } else if (image) {
        w_.key("image_url");
        write_data_url(w_, media, Text::literal("image/png"));
    } else {
        w_.member("filename", media.title.empty() ? Text::literal("document.pdf") : media.title);
        w_.key("file_data");
        write_data_url(w_, media, Text::literal("application/pdf"));
    }
    if (is_own(part.extras)) {
        for (const auto& [key, raw] : part.extras.members) w_.escaped_key(key).raw(raw);
    }
    w_.close_object();
}

void ItemsEncoder::opaque(const Part& part, const chat::Opaque& opaque, Role role) {
    if (opaque.from != Protocol::openai_responses) {
        if (!opaque.stand_in.empty()) return text(opaque.stand_in, part, role);
        return lose_opaque(opaque);
    }
    if (is_content_type(opaque.type)) {
        open_message(role, part);
    } else {
        close_message();
    }
    w_.raw(opaque.raw);
}

void ItemsEncoder::call(const chat::ToolCall& call) {
    close_message();
    const CallShape* shape = shapes_.find(call.name);
    const CallKind kind = shape ? shape->kind : CallKind::function;
    call_kinds_[call.id.decode()] = kind;
    w_.open_object();
    if (kind == CallKind::tool_search) {
        w_.member("type", "tool_search_call").member("call_id", call.id);
        w_.member("status", "completed").member("execution", "client");
        w_.member_raw("arguments", call.arguments).close_object();
        return;
    }
    const bool custom = kind == CallKind::custom;
    w_.member("type", custom ? "custom_tool_call" : "function_call").member("call_id", call.id);
    if (!shape) {
        w_.member("name", call.name);
    } else {
        w_.member("name", std::string_view(shape->name));
        if (!shape->space.empty()) w_.member("namespace", std::string_view(shape->space));
    }
    if (custom)
        w_.member(kInputArgument, input_of_arguments(call.arguments));
    else
        w_.member("arguments", call.arguments);
    w_.close_object();
}

void ItemsEncoder::result(const chat::ToolResult& result) {
    close_message();
    const auto* only =
        result.content.size() == 1 ? result.content.front().as<chat::Opaque>() : nullptr;
    if (only && only->type.equals("tool_search_output") &&
        only->from == Protocol::openai_responses) {
        w_.raw(only->raw);
        return;
    }
    const auto known = call_kinds_.find(result.call_id.decode());
    const bool custom = known != call_kinds_.end() && known->second == CallKind::custom;
    w_.open_object();
    w_.member("type", custom ? "custom_tool_call_output" : "function_call_output");
    w_.member("call_id", result.call_id).key("output");
    if (std::ranges::any_of(result.content, needs_parts))
        result_parts(result);
    else
        result_text(result);
    w_.close_object();
    if (result.is_error) lose(Lost::is_error);
}

// A string: not every server takes more.
void ItemsEncoder::result_text(const chat::ToolResult& result) {
    bool any = false;
    const auto add = [&](Text text) {
        if (text.empty()) return;
        if (any) w_.piece(Text::literal("\\n\\n"));
        any = true;
        w_.piece(text);
    };
    w_.quote_open();
    if (result.is_error) add(kToolError);
    for (const Part& part : result.content) {
        add(text_of(part));
        const auto* seen = part.as<Media>();
        if (seen && !is_sendable(*seen, part)) lose(Lost::file_id);
        const auto* other = part.as<chat::Opaque>();
        if (other && other->stand_in.empty()) lose_opaque(*other);
    }
    w_.quote_close();
}

void ItemsEncoder::result_parts(const chat::ToolResult& result) {
    w_.open_array();
    message_ = true;  // the output is the message that parts are written into
    const Part plain;
    if (result.is_error) text(kToolError, plain, Role::user);
    for (const Part& part : result.content) {
        if (const auto* other = part.as<chat::Opaque>())
            opaque(part, *other, Role::user);
        else
            content(part, Role::user);
    }
    message_ = false;
    w_.close_array();
}

// The API takes a reasoning item back with what it sealed (guides, "Reasoning models", encrypted
// reasoning items). Where the maker is not known it is taken for the vendor itself.
bool ItemsEncoder::goes_back(const chat::Reasoning& reasoning) const {
    const bool own =
        reasoning.from.protocol == Protocol::openai_responses &&
        (reasoning.from.provider.empty() || reasoning.from.provider.equals(target_.provider));
    return own && !reasoning.seal.empty();
}

void ItemsEncoder::reasoning(const chat::Reasoning& reasoning) {
    if (!goes_back(reasoning)) return lose(Lost::thinking);
    close_message();
    w_.open_object().member("type", "reasoning");
    if (!reasoning.from.field.empty()) w_.member("id", reasoning.from.field);
    w_.key("summary").open_array();
    if (!reasoning.text.empty())
        w_.open_object()
            .member("type", "summary_text")
            .member("text", reasoning.text)
            .close_object();
    w_.close_array().member("encrypted_content", reasoning.seal).close_object();
}

}  // namespace ccr::wire::openai_responses
