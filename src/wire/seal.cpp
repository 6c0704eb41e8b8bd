#include "wire/seal.h"

#include "base/base64.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::wire {
namespace {
constexpr std::string_view kPrefix = "ccr1.";
}

std::string pack_seal(const chat::Provenance& from, json::Text seal, std::string_view details) {
    std::string object;
    json::Writer w(object);
    w.open_object()
        .member("w", name_of(from.protocol))
        .member("p", from.provider)
        .member("f", from.field);
    if (!seal.empty()) w.member("s", seal);
    if (!details.empty()) w.member_raw("d", details);
    w.close_object();
    return std::string(kPrefix) + base64url_encode(object);
}

bool is_packed_seal(json::Text signature) {
    return signature.escaped().starts_with(kPrefix);
}

bool unpack_seal(json::Text signature, chat::Reasoning& reasoning, Arena& arena) {
    if (!is_packed_seal(signature)) return false;
    const auto object = base64url_decode(signature.escaped().substr(kPrefix.size()));
    if (!object) return false;
    const std::string_view text = arena.keep(*object);
    json::Document document;
    const auto root = document.parse(text);
    if (!root || !root->is_object()) return false;
    const json::Text wire = (*root)["w"].text();
    if (wire.equals("anthropic"))
        reasoning.from.protocol = Protocol::anthropic;
    else if (wire.equals("chat"))
        reasoning.from.protocol = Protocol::openai_chat;
    else if (wire.equals("responses"))
        reasoning.from.protocol = Protocol::openai_responses;
    else if (wire.equals("gemini"))
        reasoning.from.protocol = Protocol::gemini;
    else if (wire.equals("anthropic"))
        reasoning.from.protocol = Protocol::anthropic;
    else
        return false;
    reasoning.from.provider = (*root)["p"].text();
    reasoning.from.field = (*root)["f"].text();
    reasoning.seal = (*root)["s"].text();
    reasoning.details = (*root)["d"].is_array() ? (*root)["d"].raw() : std::string_view();
    return true;
}

}  // namespace ccr::wire
