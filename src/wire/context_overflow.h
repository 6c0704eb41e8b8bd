// Context overflow: recognising that a provider refused a conversation for its size, and saying so
// in the words that Claude Code acts on. Every provider has wording of its own; the classes are
// two.
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ccr::wire {

/// Whether a provider's message says that the conversation, or it and the answer asked for, does
/// not fit the model.
bool says_context_overflow(std::string_view message);

/// The same refusal in the client's words:
///   "prompt is too long: A tokens > B maximum"                    it compacts
///   "Input is too long."                                          likewise, where the figures are
///   unknown "input length and `max_tokens` exceed context limit: A + M > B, ..."   it asks for a
///   shorter answer
std::string overflow_wording(std::string_view message);

}  // namespace ccr::wire
