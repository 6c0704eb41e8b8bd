// Seals: what a thinking block's `signature` holds when the thinking came from another protocol.
//
// A client sends signatures back unchanged, so the signature is where the origin of a thinking
// block travels: which provider, which reply field, and what the provider wants back. Stateless.
#pragma once

#include <optional>
#include <string>

#include "base/arena.h"
#include "chat/conversation.h"

namespace ccr::wire {

/// Packs origin, seal and details into a signature: "ccr1." and base64url of a JSON object.
std::string pack_seal(const chat::Provenance& from, json::Text seal, std::string_view details);

/// Whether a signature is one of ours.
bool is_packed_seal(json::Text signature);

/// Fills `reasoning` from a signature of ours; false (and untouched) when it is damaged or not
/// ours.
bool unpack_seal(json::Text signature, chat::Reasoning& reasoning, Arena& arena);

}  // namespace ccr::wire
