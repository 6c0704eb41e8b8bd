#include "wire/gemini/contents_encode.h"

#include <algorithm>

#include "wire/gemini/media_encode.h"
#include "wire/gemini/signature.h"
#include "wire/stand_in.h"

namespace ccr::wire::gemini {

using chat::Part;
using chat::Role;
using chat::Turn;
using json::Text;

namespace {

constexpr Place kTurns("turns");

// What a part says as text; empty when it says nothing.
Text text_of(const Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text;
    if (const auto* media = part.as<chat::Media>()) {
        if (media->source == chat::MediaSource::plain_text) return media->data;
    }
    const auto* opaque = part.as<chat::Opaque>();
    return opaque ? opaque->stand_in : Text();
}

}  // namespace

void ContentsEncoder::encode(const std::vector<Turn>& turns) {
    const auto not_system = [](const Turn& turn) { return turn.role != Role::system; };
    const auto first =
        static_cast<std::size_t>(std::ranges::find_if(turns, not_system) - turns.begin());
    system({turns.data(), first});
    w_.key("contents").open_array();
    for (std::size_t i = first; i < turns.size(); ++i) {
        const Place where = kTurns.element(i);
        if (turns[i].role == Role::assistant)
            assistant(turns[i], where);
        else
            gather(turns[i], where);
    }
    flush_user();
    // Servers refuse a request without contents.
    if (open_role_.empty()) plain_part("(no message)");
    close_content();
    w_.close_array();
}

// Clients that open with several system turns mean one prompt.
void ContentsEncoder::system(std::span<const Turn> turns) {
    bool any = false;
    for (const Turn& turn : turns) {
        for (const Part& part : turn.parts) {
            const Text text = text_of(part);
            if (text.empty()) {
                if (part.as<chat::Opaque>()) note(losses_, "system", Lost::attribution);
                continue;
            }
            if (!any) w_.key("systemInstruction").open_object().key("parts").open_array();
            any = true;
            w_.open_object().member("text", text).close_object();
        }
    }
    if (any) w_.close_array().close_object();
}

void ContentsEncoder::open_content(std::string_view role) {
    if (open_role_ == role) return;
    close_content();
    open_role_ = role;
    w_.open_object().member("role", role).key("parts").open_array();
}

void ContentsEncoder::close_content() {
    if (!open_role_.empty()) w_.close_array().close_object();
    open_role_ = {};
}

// Members that only Gemini knows go back to it.
void ContentsEncoder::end_part(const Part* part) {
    if (part && part->extras.from == Protocol::gemini) {
        for (const auto& [key, raw] : part->extras.members) w_.escaped_key(key).raw(raw);
    }
    w_.close_object();
}

// --- the user's side ---

void ContentsEncoder::gather(const Turn& turn, const Place& where) {
    const bool reminder = turn.role == Role::system;
    for (const Part& part : turn.parts) {
        const auto* media = part.as<chat::Media>();
        const auto* opaque = part.as<chat::Opaque>();
        const bool own = opaque && opaque->from == Protocol::gemini;
        if (const auto* result = part.as<chat::ToolResult>()) {
            results_.push_back({result, &part, where});
        } else if (media && media->source == chat::MediaSource::file_id) {
            note(losses_, where, Lost::file_id);
            pieces_.push_back({nullptr, kForeignFile.decode(), false});
        } else if (own || (media && is_bulk_media(*media)) || !text_of(part).empty()) {
            pieces_.push_back({&part, {}, reminder});
        } else if (!part.as<chat::Prose>()) {
            note(losses_, where, opaque ? opaque->type.decode() : std::string("block"),
                 Lost::opaque);
        }
    }
}

void ContentsEncoder::flush_user() {
    responses();
    for (const Piece& one : pieces_) piece(one);
    pieces_.clear();
    results_.clear();
    calls_.clear();
}

void ContentsEncoder::piece(const Piece& piece) {
    if (!piece.part) return plain_part(piece.plain);
    const auto* opaque = piece.part->as<chat::Opaque>();
    if (opaque && opaque->from == Protocol::gemini) {
        open_content("user");
        w_.raw(opaque->raw);
        return;
    }
    const auto* media = piece.part->as<chat::Media>();
    if (media && is_bulk_media(*media)) return media_part(*piece.part, *media);
    open_content("user");
    begin_part();
    w_.key("text").quote_open();
    if (piece.reminder) w_.piece(Text::literal("<system-reminder>\\n"));
    w_.piece(text_of(*piece.part));
    if (piece.reminder) w_.piece(Text::literal("\\n</system-reminder>"));
    w_.quote_close();
    end_part(piece.part);
}

void ContentsEncoder::plain_part(std::string_view plain) {
    open_content("user");
    w_.open_object().member("text", plain).close_object();
}

void ContentsEncoder::media_part(const Part& part, const chat::Media& media) {
    open_content("user");
    begin_part();
    write_media(w_, media);
    end_part(&part);
}

// --- the model's side ---

// Whether a seal may go to this target: Google's, and made by this very provider.
bool ContentsEncoder::goes_back(const chat::Reasoning& reasoning) const {
    return reasoning.from.protocol == Protocol::gemini && !reasoning.seal.empty() &&
           (reasoning.from.provider.empty() || reasoning.from.provider.equals(target_.provider));
}

void ContentsEncoder::assistant(const Turn& turn, const Place& where) {
    // Two turns of the assistant in a row are one: the results of its calls are yet to come.
    if (!pieces_.empty() || !results_.empty()) flush_user();
    if (open_role_.empty()) {
        note(losses_, where, Lost::first_turn);
        plain_part("(the conversation begins here)");
    }
    if (open_role_ != "model") unsigned_call_ = true;
    for (const Part& part : turn.parts) model_part(turn, part, where);
    flush_seals();
}

void ContentsEncoder::model_part(const Turn& turn, const Part& part, const Place& where) {
    if (const auto* one = part.as<chat::ToolCall>()) return call(turn, *one);
    if (part.as<chat::Reasoning>()) return thought(turn, part, where);
    if (const auto* opaque = part.as<chat::Opaque>(); opaque && opaque->from == Protocol::gemini) {
        open_content("model");
        w_.raw(opaque->raw);
        return;
    }
    const auto* media = part.as<chat::Media>();
    if (media && is_bulk_media(*media) && part.extras.from == Protocol::gemini) {
        open_content("model");
        begin_part();
        write_media(w_, *media);
        return end_part(&part);
    }
    if (!text_of(part).empty() || !part.extras.members.empty()) return prose(turn, part);
    if (media) note(losses_, where, Lost::assistant_media);
    if (const auto* opaque = part.as<chat::Opaque>())
        note(losses_, where, opaque->type.decode(), Lost::opaque);
}

// A Gemini client's thoughts go back as they came; of another's only the signature does.
void ContentsEncoder::thought(const Turn& turn, const Part& part, const Place& where) {
    const auto& reasoning = *part.as<chat::Reasoning>();
    if (reasoning.from.protocol != Protocol::gemini)
        return note(losses_, where, Lost::foreign_thinking);
    const bool back = goes_back(reasoning);
    if (!back && !reasoning.seal.empty()) note(losses_, where, Lost::foreign_thinking);
    const bool own_client = turn.extras.from == Protocol::gemini;
    const bool on_thought = reasoning.from.field.equals(kOnThought);
    if (own_client && (!reasoning.text.empty() || (back && on_thought))) {
        open_content("model");
        w_.open_object().member("text", reasoning.text).key("thought").boolean(true);
        if (back && on_thought) w_.member("thoughtSignature", reasoning.seal);
        w_.close_object();
    } else if (!reasoning.text.empty()) {
        note(losses_, where, Lost::thinking_text);
    }
    if (back && !(own_client && on_thought)) seals_.emplace_back(reasoning.seal.escaped());
}

// The newest signature is the call's own. A flat protocol's client has all its reasoning in front
// of the text and the calls, so there the order of the calls is the order of the signatures.
void ContentsEncoder::call(const Turn& turn, const chat::ToolCall& call) {
    std::string seal;
    if (turn.extras.from == Protocol::openai_chat && !seals_.empty()) {
        seal = seals_.front();
        seals_.erase(seals_.begin());
    } else if (!seals_.empty()) {
        seal = seals_.back();
        seals_.pop_back();
        flush_seals();
    }
    open_content("model");
    w_.open_object().key("functionCall").open_object();
    if (!call.id.empty()) w_.member("id", call.id);
    w_.member("name", call.name).member_raw("args", call.arguments).close_object();
    // Of parallel calls only the first has a signature.
    if (!seal.empty())
        w_.member("thoughtSignature", Text::from_escaped(seal));
    else if (unsigned_call_ && traits_.wants_signatures)
        w_.member("thoughtSignature", kUncheckedSignature);
    unsigned_call_ = false;
    w_.close_object();
    calls_.push_back(&call);
}

void ContentsEncoder::prose(const Turn& turn, const Part& part) {
    const bool has_calls = std::ranges::any_of(
        turn.parts, [](const Part& p) { return p.as<chat::ToolCall>() != nullptr; });
    std::string seal;
    if (!seals_.empty() && !(turn.extras.from == Protocol::openai_chat && has_calls)) {
        seal = seals_.back();
        seals_.pop_back();
        flush_seals();
    }
    open_content("model");
    begin_part();
    w_.member("text", text_of(part));
    if (!seal.empty()) w_.member("thoughtSignature", Text::from_escaped(seal));
    end_part(&part);
}

// A signature whose part is not there stands on an empty text, as Google's own streams end.
void ContentsEncoder::flush_seals() {
    for (const std::string& seal : seals_) {
        open_content("model");
        w_.open_object().member("text", "");
        w_.member("thoughtSignature", Text::from_escaped(seal)).close_object();
    }
    seals_.clear();
}

}  // namespace ccr::wire::gemini
