// Errors that a provider reported, made into ours: kind, status and wording that clients can act
// on.
//
// Shared by every wire: the classes are the same, only the envelopes differ. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "wire/codec.h"

namespace ccr::wire {

/// A refusal whose message was readable. A context overflow is put in the client's words
/// (wire/context_overflow.h), what the client can leave out is introduced by them
/// (wire/refusal_wording.h); every message but an overflow names provider and model.
Error upstream_error(int status, const std::string& message, const Target& target);

/// An answer of no known shape (an HTML page of a proxy, plain text, nothing).
Error unreadable_error(int status, std::string_view body, const Target& target);

}  // namespace ccr::wire
