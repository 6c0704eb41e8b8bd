// What pictures and documents cost, by the rules that the providers publish.
//
// Any thread; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tokens/image_size.h"

namespace ccr::tokens {

enum class MediaRule : std::uint8_t { anthropic, openai, gemini };

/// How a model counts pictures, by its name; a name nobody knows counts as Claude does.
MediaRule media_rule_of(std::string_view model);

/// Tokens of one picture; of one of unknown size what such pictures usually cost.
std::int64_t image_tokens(MediaRule rule, std::string_view model, std::optional<ImageSize> size);

/// Tokens of one document that is not plain text, or of sound: of a usual one, since neither tells
/// its length in its first bytes.
std::int64_t document_tokens(MediaRule rule);

}  // namespace ccr::tokens
