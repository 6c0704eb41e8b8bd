#include "wire/openai_chat/messages_encode.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/openai_chat/content_writer.h"
#include "wire/openai_chat/losses.h"
#include "wire/openai_chat/message_text.h"
#include "wire/openai_chat/names.h"
#include "wire/stand_in.h"

namespace ccr::wire::openai_chat {

using chat::Part;
using json::Text;

namespace {

constexpr Place kTurns("turns");

std::size_t media_count(const std::vector<Part>& parts) {
    return static_cast<std::size_t>(std::ranges::count_if(parts, is_bulk_media));
}

}  // namespace

void MessagesEncoder::encode(const std::vector<chat::Turn>& turns) {
    const auto not_system = [](const chat::Turn& turn) { return turn.role != chat::Role::system; };
    const auto first =
        static_cast<std::size_t>(std::ranges::find_if(turns, not_system) - turns.begin());
    system_message({turns.data(), first});
    for (std::size_t i = first; i < turns.size(); ++i) {
        const chat::Turn& turn = turns[i];
        const Place where = kTurns.element(i);
        if (turn.role == chat::Role::assistant) {
            flush_user();
            assistant_message(turn, where);
        } else {
            gather(turn, where);
        }
    }
    flush_user();
}

// Clients that open with several system turns mean one prompt.
void MessagesEncoder::system_message(std::span<const chat::Turn> turns) {
    std::vector<const Part*> texts;
    bool marked = false;
    for (const chat::Turn& turn : turns) {
        for (const Part& part : turn.parts) {
            if (const Text text = text_of(part); !text.empty())
                texts.push_back(&part);
            else if (part.as<chat::Opaque>())
                note(losses_, "system", Lost::attribution);
            marked = marked || takes_mark(part);
        }
    }
    if (texts.empty()) return;
    w_.open_object().member("role", "system");
    ContentWriter content(w_, marked);
    for (const Part* part : texts) add_text(*part, content);
    content.close();
    w_.close_object();
}

bool MessagesEncoder::takes_mark(const Part& part) const {
    return target_.cache_marks && !part.cache.empty() && !text_of(part).empty();
}

void MessagesEncoder::add_text(const Part& part, ContentWriter& content) {
    content.add(text_of(part));
    if (content.mark(part.cache)) ++marks_;
}

// Whether a provider gets its own reasoning back: always where it sent structured details
// (OpenRouter asks for them whole), and as text on turns with tool calls (DeepSeek and Kimi refuse
// such turns without it).
bool MessagesEncoder::goes_back(const chat::Reasoning& reasoning, bool has_calls) const {
    const bool own = reasoning.from.protocol == Protocol::openai_chat &&
                     reasoning.from.provider.equals(target_.provider);
    const auto is_its_field = [&](std::string_view name) {
        return reasoning.from.field.equals(name);
    };
    const bool has_place =
        std::ranges::any_of(kReasoningFields, is_its_field) || is_its_field(kThinkingObject);
    return own && ((has_calls && has_place) || !reasoning.details.empty());
}

void MessagesEncoder::write_reasoning(const chat::Turn& turn, bool has_calls, const Place& where) {
    Text field, seal;
    std::string text, details;
    for (const Part& part : turn.parts) {
        const auto* reasoning = part.as<chat::Reasoning>();
        if (!reasoning) continue;
        if (!goes_back(*reasoning, has_calls)) {
            note(losses_, where, Lost::thinking);
            continue;
        }
        field = reasoning->from.field;
        seal = reasoning->seal;
        text += reasoning->text.escaped();
        if (reasoning->details.size() <= 2) continue;
        if (!details.empty()) details += ',';
        details += reasoning->details.substr(1, reasoning->details.size() - 2);
    }
    if (!details.empty())
        w_.member_raw("reasoning_details", "[" + details + "]");
    else if (!text.empty())
        write_reasoning_text(field, Text::from_escaped(text), seal);
}

void MessagesEncoder::write_reasoning_text(Text field, Text text, Text seal) {
    if (!field.equals(kThinkingObject)) {
        w_.member(field.escaped(), text);
        return;
    }
    w_.key("thinking").open_object().member("content", text);
    if (!seal.empty()) w_.member("signature", seal);
    w_.close_object();
}

void MessagesEncoder::write_calls(const chat::Turn& turn) {
    w_.key("tool_calls").open_array();
    for (const Part& part : turn.parts) {
        const auto* call = part.as<chat::ToolCall>();
        if (!call) continue;
        w_.open_object()
            .member("id", call->id)
            .member("type", "function")
            .key("function")
            .open_object();
        w_.member("name", call->name)
            .member("arguments", call->arguments)
            .close_object()
            .close_object();
    }
    w_.close_array();
}

void MessagesEncoder::assistant_message(const chat::Turn& turn, const Place& where) {
    const bool has_calls = std::ranges::any_of(
        turn.parts, [](const Part& p) { return p.as<chat::ToolCall>() != nullptr; });
    const bool has_text =
        std::ranges::any_of(turn.parts, [](const Part& p) { return !text_of(p).empty(); });
    note_lost_order(turn, where);
    const bool has_reasoning = std::ranges::any_of(turn.parts, [&](const Part& p) {
        const auto* reasoning = p.as<chat::Reasoning>();
        return reasoning && goes_back(*reasoning, has_calls);
    });
    // Servers refuse an assistant message that says nothing.
    if (!has_text && !has_calls && !has_reasoning) return note(losses_, where, Lost::empty_turn);
    w_.open_object().member("role", "assistant");
    if (has_text || !has_calls) {
        ContentWriter content(
            w_, std::ranges::any_of(turn.parts, [&](const Part& p) { return takes_mark(p); }));
        for (const Part& part : turn.parts) add_text(part, content);
        content.close();
    } else {
        w_.key("content").null();
    }
    note_silent_blocks(turn, where);
    write_reasoning(turn, has_calls, where);
    if (has_calls) write_calls(turn);
    w_.close_object();
}

void MessagesEncoder::note_lost_order(const chat::Turn& turn, const Place& where) {
    bool call_seen = false;
    for (const Part& part : turn.parts) {
        if (part.as<chat::ToolCall>())
            call_seen = true;
        else if (call_seen && !text_of(part).empty())
            note(losses_, where, Lost::order);
    }
}

// Blocks of an assistant's turn that say nothing to Chat.
void MessagesEncoder::note_silent_blocks(const chat::Turn& turn, const Place& where) {
    for (const Part& part : turn.parts) {
        const auto* opaque = part.as<chat::Opaque>();
        if (opaque && opaque->stand_in.empty())
            note(losses_, where, opaque->type.decode(), Lost::opaque);
        if (part.as<chat::Media>() && text_of(part).empty())
            note(losses_, where, Lost::assistant_media);
    }
}

void MessagesEncoder::gather(const chat::Turn& turn, const Place& where) {
    const bool reminder = turn.role == chat::Role::system;
    for (const Part& part : turn.parts) {
        // Tool messages must follow the calls at once, so they leave before anything that waits.
        if (const auto* result = part.as<chat::ToolResult>())
            gather_result(*result, part.cache, where);
        else
            gather_part(part, reminder, where);
    }
}

void MessagesEncoder::gather_part(const Part& part, bool reminder, const Place& where) {
    const auto* media = part.as<chat::Media>();
    if (std::string words = media ? note_on(*media) : ""; !words.empty()) {
        lose_media(*media, where);
        pending_.push_back({nullptr, std::move(words), false});
    } else if (part.as<chat::Prose>() || is_bulk_media(part) || !text_of(part).empty()) {
        pending_.push_back({&part, {}, reminder});
    } else {
        const auto* opaque = part.as<chat::Opaque>();
        if (opaque)
            note(losses_, where, opaque->type.decode(), Lost::opaque);
        else
            note(losses_, where, Lost::block);
    }
}

void MessagesEncoder::lose_media(const chat::Media& media, const Place& where) {
    note(losses_, where,
         media.source == chat::MediaSource::file_id ? Lost::file_id : Lost::document_url);
}

void MessagesEncoder::tool_message(const chat::ToolResult& result, std::string_view mark,
                                   std::size_t media) {
    w_.open_object().member("role", "tool").member("tool_call_id", result.call_id);
    ContentWriter content(w_, target_.cache_marks && !mark.empty());
    if (result.is_error) content.add(kToolError);
    for (const Part& part : result.content) {
        const auto* file = part.as<chat::Media>();
        if (std::string note = file ? note_on(*file) : ""; !note.empty())
            content.text().add_plain(note);
        else
            content.add(text_of(part));
    }
    if (media > 0)
        content.text().add_plain(fmt::format(
            "[{} attached file(s) of this result follow in the next user message]", media));
    if (content.mark(mark)) ++marks_;
    content.close();
    w_.close_object();
}

// Chat's tool messages hold text only: media go into the user message that follows, under their
// call's name.
void MessagesEncoder::gather_result(const chat::ToolResult& result, std::string_view mark,
                                    const Place& where) {
    const std::size_t media = media_count(result.content);
    tool_message(result, mark, media);
    if (result.is_error) note(losses_, where, Lost::is_error);
    if (media > 0) {
        note(losses_, where, Lost::result_media);
        pending_.push_back(
            {nullptr,
             fmt::format("Attached to the result of tool call {}:", result.call_id.decode()),
             false});
    }
    for (const Part& part : result.content) {
        if (is_bulk_media(part)) pending_.push_back({&part, {}, false});
        const auto* opaque = part.as<chat::Opaque>();
        if (opaque && opaque->stand_in.empty())
            note(losses_, where, opaque->type.decode(), Lost::opaque);
        const auto* other = part.as<chat::Media>();
        if (other && !note_on(*other).empty()) lose_media(*other, where);
    }
}

}  // namespace ccr::wire::openai_chat
