#include "plugin/message_edit.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugin/alignment.h"
#include "plugin/meaning.h"
#include "wire/codec.h"

namespace ccr::plugin {
namespace {

using chat::Part;
using chat::Turn;
using json::View;

constexpr std::string_view kAlone = "messages[0]";  // what the decoder calls a message

bool is_result(const Part& part) {
    return part.as<chat::ToolResult>() != nullptr;
}
bool is_reasoning(const Part& part) {
    return part.as<chat::Reasoning>() != nullptr;
}
bool is_call(const Part& part) {
    return part.as<chat::ToolCall>() != nullptr;
}

std::vector<Part> taken(std::vector<Part>& from, bool (*wanted)(const Part&)) {
    std::vector<Part> out;
    std::erase_if(from, [&](Part& part) {
        if (!wanted(part)) return false;
        out.push_back(std::move(part));
        return true;
    });
    return out;
}

// Places that no message of the view shows.
std::vector<std::size_t> silent_places(const std::vector<Part>& parts,
                                       const std::vector<const ViewedMessage*>& messages) {
    std::vector<bool> seen(parts.size());
    for (const ViewedMessage* message : messages) {
        if (message->result) seen[*message->result] = true;
        for (const auto* places : {&message->content, &message->reasoning, &message->calls}) {
            for (const std::size_t place : *places) seen[place] = true;
        }
    }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!seen[i]) out.push_back(i);
    }
    return out;
}

std::string wrapped(View message) {
    return fmt::format(R"({{"model":"m","messages":[{}]}})", message.raw());
}

}  // namespace

Result<std::vector<Turn>> MessageEdit::run(View shown, View after) {
    std::vector<std::string> was, is;
    std::vector<std::string> old_kinds, new_kinds;
    const auto kind = [](View message) {
        return message["role"].text().decode() + " " + message["tool_call_id"].text().decode();
    };
    for (const View message : shown.elements()) {
        shown_.push_back(message);
        was.push_back(meaning_of(message));
        old_kinds.push_back(kind(message));
    }
    std::vector<View> messages;
    for (const View message : after.elements()) {
        messages.push_back(message);
        is.push_back(meaning_of(message));
        new_kinds.push_back(kind(message));
    }
    begun_.resize(before_.turns.size());
    const auto origins =
        align(was, is, [&](std::size_t i, std::size_t j) { return old_kinds[i] == new_kinds[j]; });
    for (std::size_t j = 0; j < messages.size(); ++j) {
        const Origin& origin = origins[j];
        if (origin.same) {
            keep(view_.messages[*origin.before]);
            continue;
        }
        TRY(auto turn, decode(messages[j], j));
        if (!turn) continue;
        if (origin.before)
            edit(view_.messages[*origin.before], shown_[*origin.before], messages[j],
                 *std::move(turn));
        else
            add_new(*std::move(turn));
    }
    close();
    silent_turns(before_.turns.size());
    return std::move(out_);
}

Result<std::optional<Turn>> MessageEdit::decode(View message, std::size_t index) {
    Arena& arena = arenas_.emplace_back();
    json::Document document;
    TRY(const View body, document.parse(arena.keep(wrapped(message))));
    auto alone = wire::codec_of(Protocol::openai_chat)->decode_request(body, {});
    if (!alone) {
        Error error = std::move(alone).error();
        if (const std::size_t at = error.message.find(kAlone); at != std::string::npos)
            error.message.replace(at, kAlone.size(), fmt::format("messages[{}]", index));
        return std::unexpected(std::move(error));
    }
    arenas_.push_back(std::move(alone->arena));
    if (alone->turns.empty()) return std::optional<Turn>();
    return std::optional(std::move(alone->turns.front()));
}

void MessageEdit::keep(const ViewedMessage& shown) {
    open_for(shown.turn, true);
    const std::vector<Part>& parts = parts_of(shown.turn);
    if (shown.result) add(*shown.result, parts[*shown.result]);
    for (const auto* places : {&shown.content, &shown.reasoning, &shown.calls}) {
        for (const std::size_t place : *places) add(place, parts[place]);
    }
}

void MessageEdit::edit(const ViewedMessage& shown, View before, View after, Turn decoded) {
    const bool same_thoughts = meaning_of_reasoning(before) == meaning_of_reasoning(after);
    open_for(shown.turn, same_thoughts);
    if (open_->turn.extras.from == Protocol::openai_chat) open_->turn.extras = decoded.extras;
    if (shown.result)
        edit_result(shown, before, after, std::move(decoded.parts.front()));
    else
        edit_parts(shown, before, after, decoded);
}

void MessageEdit::edit_result(const ViewedMessage& shown, View before, View after, Part decoded) {
    const Part& old = parts_of(shown.turn)[*shown.result];
    const auto& was = *old.as<chat::ToolResult>();
    auto& is = std::get<chat::ToolResult>(decoded.body);
    PlacedParts content;
    edit_content(was.content, shown_content(was.content), before["content"], after["content"],
                 std::move(is.content), content);
    is.content.clear();
    for (PlacedPart& placed : content) is.content.push_back(std::move(placed.part));
    is.is_error = was.is_error;
    decoded.extras = old.extras;
    add(*shown.result, std::move(decoded));
}

void MessageEdit::edit_parts(const ViewedMessage& shown, View before, View after, Turn& decoded) {
    const std::vector<Part>& parts = parts_of(shown.turn);
    std::vector<Part> thoughts = taken(decoded.parts, is_reasoning);
    std::vector<Part> calls = taken(decoded.parts, is_call);
    PlacedParts out;
    if (meaning_of_reasoning(before) == meaning_of_reasoning(after)) {
        for (const std::size_t place : shown.reasoning) out.push_back({place, parts[place]});
    } else {
        const std::size_t place = shown.reasoning.empty() ? 0 : shown.reasoning.front();
        for (Part& thought : thoughts) out.push_back({place, std::move(thought)});
    }
    edit_content(parts, shown.content, before["content"], after["content"],
                 std::move(decoded.parts), out);
    edit_calls(parts, shown.calls, before["tool_calls"], after["tool_calls"], std::move(calls),
               out);
    for (PlacedPart& placed : out) add(placed.place, std::move(placed.part));
}

// Results of calls, and what a user says beside them, are one turn.
void MessageEdit::add_new(Turn decoded) {
    const bool goes_on = open_ && decoded.role == chat::Role::user &&
                         open_->turn.role == chat::Role::user && !open_->parts.empty() &&
                         is_result(open_->parts.back().part);
    if (!goes_on) {
        close();
        open_.emplace();
        open_->turn.role = decoded.role;
        open_->turn.extras = decoded.extras;
    }
    for (Part& part : decoded.parts) add(open_->last, std::move(part));
}

void MessageEdit::open_for(std::size_t turn, bool keep_silent_reasoning) {
    if (open_ && open_->source == turn) return;
    close();
    silent_turns(turn);
    const Turn& source = before_.turns[turn];
    open_.emplace();
    open_->turn.role = source.role;
    open_->turn.extras = source.extras;
    open_->source = turn;
    if (begun_[turn]) return;
    begun_[turn] = true;
    std::vector<const ViewedMessage*> messages;
    for (const ViewedMessage& message : view_.messages) {
        if (message.turn == turn) messages.push_back(&message);
    }
    for (const std::size_t place : silent_places(source.parts, messages)) {
        if (!keep_silent_reasoning && is_reasoning(source.parts[place])) continue;
        open_->parts.push_back({place, source.parts[place]});
    }
}

void MessageEdit::add(std::size_t place, Part part) {
    open_->last = std::max(open_->last, place);
    open_->parts.push_back({place, std::move(part)});
}

void MessageEdit::close() {
    if (!open_) return;
    std::ranges::stable_sort(open_->parts, {}, &PlacedPart::place);
    for (PlacedPart& placed : open_->parts) open_->turn.parts.push_back(std::move(placed.part));
    if (!open_->turn.parts.empty()) out_.push_back(std::move(open_->turn));
    open_.reset();
}

// Turns that no message shows stay before the turn that they stood before.
void MessageEdit::silent_turns(std::size_t before_turn) {
    std::vector<bool> seen(before_.turns.size());
    for (const ViewedMessage& message : view_.messages) seen[message.turn] = true;
    for (std::size_t i = 0; i < before_turn; ++i) {
        if (seen[i] || begun_[i]) continue;
        begun_[i] = true;
        out_.push_back(before_.turns[i]);
    }
}

}  // namespace ccr::plugin
