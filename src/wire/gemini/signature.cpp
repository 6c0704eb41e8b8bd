#include "wire/gemini/signature.h"

#include "base/base64.h"
#include "json/document.h"
#include "json/writer.h"
#include "wire/seal.h"

namespace ccr::wire::gemini {
namespace {

constexpr std::string_view kPackedPrefix = "Y2NyMS";  // base64 of "ccr1."
constexpr std::string_view kRedacted = "redacted";

// Clients drop thoughts and keep signatures, but a provider wants both (Anthropic verifies them
// together, DeepSeek wants its reasoning beside calls): the text travels inside, before the
// details.
std::string with_text(const chat::Reasoning& reasoning) {
    std::string out;
    json::Writer w(out);
    w.open_array().text(reasoning.text);
    if (!reasoning.details.empty()) w.raw(reasoning.details);
    w.close_array();
    return out;
}

void take_apart(chat::Reasoning& reasoning) {
    json::Document document;
    const auto list = document.parse(reasoning.details);
    reasoning.details = {};
    if (!list) return;
    for (const json::View element : list->elements()) {
        if (element.is_string()) reasoning.text = element.text();
        if (element.is_array()) reasoning.details = element.raw();
    }
}

}  // namespace

std::string signature_for_client(const chat::Reasoning& reasoning) {
    if (reasoning.from.protocol == Protocol::gemini) return std::string(reasoning.seal.escaped());
    const bool empty =
        reasoning.seal.empty() && reasoning.details.empty() && reasoning.text.empty();
    if (empty) return {};
    chat::Provenance from = reasoning.from;
    if (reasoning.redacted) from.field = json::Text::from_escaped(kRedacted);
    const std::string packed = pack_seal(from, reasoning.seal, with_text(reasoning));
    std::string out = base64url_encode(packed);  // of these letters, '-' and '_' never come out
    while (out.size() % 4 != 0) out += '=';
    return out;
}

bool unpack_signature(json::Text signature, chat::Reasoning& reasoning, Arena& arena) {
    std::string_view encoded = signature.escaped();
    if (!encoded.starts_with(kPackedPrefix)) return false;
    while (encoded.ends_with('=')) encoded.remove_suffix(1);
    const auto packed = base64url_decode(encoded);
    if (!packed) return false;
    chat::Reasoning out;
    if (!unpack_seal(json::Text::from_escaped(arena.keep(*packed)), out, arena)) return false;
    take_apart(out);
    out.redacted = out.from.field.equals(kRedacted);
    if (out.redacted) out.from.field = {};
    reasoning = out;
    return true;
}

}  // namespace ccr::wire::gemini
