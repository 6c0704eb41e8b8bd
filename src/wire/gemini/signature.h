// Thought signatures: what a model wants back beside its function calls, and the way another
// protocol's seals travel through a Gemini client.
//
// A `thoughtSignature` is opaque to clients and comes back on the part it was sent on
// (ai.google.dev/gemini-api/docs/thought-signatures). Google's own goes through as it is; a seal of
// another protocol is packed (wire/seal.h) and encoded once more, since client libraries check that
// the member is base64. Pure functions.
#pragma once

#include <string>

#include "chat/conversation.h"

namespace ccr::wire::gemini {

/// What Google documents for calls that another model made (thought-signatures, "FAQs"): servers
/// then leave the signature unchecked.
inline constexpr std::string_view kUncheckedSignature = "skip_thought_signature_validator";

/// Where a signature of Google's stood, as a Provenance's field: on the thought itself. Everywhere
/// else it belongs to the part that follows.
inline constexpr std::string_view kOnThought = "thought";

/// The member's value, escaped, for a client; empty when there is nothing to give back.
std::string signature_for_client(const chat::Reasoning& reasoning);

/// Fills `reasoning` from a member's value; false when it is Google's own.
bool unpack_signature(json::Text signature, chat::Reasoning& reasoning, Arena& arena);

}  // namespace ccr::wire::gemini
