// Reasoning that a client sends back on an assistant message. No chat document defines it: the
// names are those of the providers (DeepSeek reasoning_content; OpenRouter reasoning and
// reasoning_details, see its "Reasoning tokens"; `thinking` {content, signature} of earlier
// routers).
#include <array>

#include "wire/openai_chat/content_decode.h"
#include "wire/seal.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Part;
using chat::Reasoning;
using json::Text;
using json::View;

constexpr std::array<std::string_view, 4> kMembers = {"reasoning_content", "reasoning", "thinking",
                                                      "reasoning_details"};

Part reasoning_part(const Reasoning& reasoning) {
    Part part;
    part.extras.from = Protocol::openai_chat;
    part.body = reasoning;
    return part;
}

Reasoning plain_reasoning(View message) {
    Reasoning out;
    out.from.protocol = Protocol::openai_chat;
    for (const std::string_view name : {"reasoning_content", "reasoning", "thinking"}) {
        const View value = message[name];
        const View text = value.is_object() ? value["content"] : value;
        if (text.text().empty()) continue;
        out.text = text.text();
        out.from.field = Text::from_escaped(name);
        break;
    }
    out.seal = message["thinking"]["signature"].text();
    return out;
}

// An entry that ccr (or OpenRouter) made of Anthropic's own thinking, or one that carries a packed
// origin.
bool is_sealed(View detail) {
    const bool anthropic = detail["format"].text().escaped().starts_with("anthropic-");
    return is_packed_seal(detail["signature"].text()) ||
           (anthropic && (detail["signature"].is_string() || detail["data"].is_string()));
}

Part decode_sealed(View detail, Text text, Arena& arena) {
    Reasoning out;
    out.from.protocol = Protocol::anthropic;
    out.redacted = detail["data"].is_string();
    out.text = text;
    const Text signature = detail["signature"].text();
    if (out.redacted)
        out.seal = detail["data"].text();
    else if (!unpack_seal(signature, out, arena))
        out.seal = signature;
    return reasoning_part(out);
}

// A streamed seal comes without its text, which is then the message's only reasoning text. Where
// several blocks were sealed nobody can say which text belongs to which: such a seal would not
// verify.
std::vector<Part> decode_sealed_details(View details, const Reasoning& plain, Arena& arena) {
    std::size_t textless = 0;
    bool texts = false;
    for (const View detail : details.elements()) {
        if (!is_sealed(detail)) continue;
        textless += !detail["text"].is_string() && !detail["data"].is_string();
        texts = texts || detail["text"].is_string();
    }
    std::vector<Part> parts;
    if (!plain.text.empty() && !texts && textless != 1) parts.push_back(reasoning_part(plain));
    for (const View detail : details.elements()) {
        if (!is_sealed(detail)) continue;
        if (detail["data"].is_string())
            parts.push_back(decode_sealed(detail, {}, arena));
        else if (detail["text"].is_string())
            parts.push_back(decode_sealed(detail, detail["text"].text(), arena));
        else if (textless == 1)
            parts.push_back(decode_sealed(detail, plain.text, arena));
    }
    return parts;
}

Text text_of_details(View details, Arena& arena) {
    std::string joined;
    for (const View detail : details.elements()) {
        joined += detail["text"].text().escaped();
        joined += detail["summary"].text().escaped();
    }
    return Text::from_escaped(arena.keep(joined));
}

}  // namespace

bool is_reasoning_member(Text key) {
    for (const std::string_view name : kMembers) {
        if (key.equals(name)) return true;
    }
    return false;
}

std::vector<Part> decode_reasoning(View message, Arena& arena) {
    Reasoning plain = plain_reasoning(message);
    const View details = message["reasoning_details"];
    for (const View detail : details.elements()) {
        if (is_sealed(detail)) return decode_sealed_details(details, plain, arena);
    }
    if (details.has_elements() && details.is_array()) {
        plain.details = details.raw();
        if (plain.from.field.empty()) {
            plain.from.field = Text::literal("reasoning_details");
            plain.text = text_of_details(details, arena);
        }
    }
    std::vector<Part> parts;
    if (!plain.from.field.empty() || !plain.seal.empty()) parts.push_back(reasoning_part(plain));
    return parts;
}

}  // namespace ccr::wire::openai_chat
