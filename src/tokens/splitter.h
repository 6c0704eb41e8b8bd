// Splitter: cuts text into the pieces that a tokenizer's regular expression would match, without a
// regular expression and in linear time on any input.
//
// Each pattern is one hand-written function that looks at the text from `at` on and nowhere before
// it. Any thread; pure. The text must be well-formed UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ccr::tokens {

enum class Pattern : std::uint8_t {
    cl100k,    // cl100k_base; Llama 3, GLM-4
    qwen,      // cl100k with every digit alone
    o200k,     // o200k_base
    deepseek,  // DeepSeek V3: numbers, CJK, then words
    gpt2,      // GPT-2's, built into ByteLevel with use_regex
};

/// The offset after the piece that begins at `at`; `at` must be before the end and begin a piece.
using PieceEnd = std::size_t (*)(std::string_view text, std::size_t at);
PieceEnd piece_end_of(Pattern pattern);

/// The pattern whose regular expression is exactly `regex`; nullopt when it is none of ours.
std::optional<Pattern> pattern_of_regex(std::string_view regex);

/// The three expressions that DeepSeek applies one after the other.
extern const std::string_view kDeepseekNumbers, kDeepseekCjk, kDeepseekWords;

}  // namespace ccr::tokens
