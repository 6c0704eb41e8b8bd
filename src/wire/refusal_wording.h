// Refusals that Claude Code recovers from by sending less - an image, a document, an effort, an
// answer format that the model cannot take. It knows each by Anthropic's wording; other providers
// say the same in words of their own.
//
// Pure functions.
#pragma once

#include <string_view>

namespace ccr::wire {

/// The words by which the client knows what a provider's message refuses; "" for any other message.
/// To be put in front of the provider's own.
std::string_view refusal_wording(std::string_view message);

}  // namespace ccr::wire
