// Wire strings of Chat Completions that more than one file needs, and the dialects' names for
// reasoning.
#pragma once

#include <array>
#include <string_view>

namespace ccr::wire::openai_chat {

/// Where providers put reasoning text in a delta or message, in order of preference: DeepSeek and
/// most others; OpenRouter, Groq and vLLM from 0.12; few others.
inline constexpr std::array<std::string_view, 3> kReasoningFields = {"reasoning_content",
                                                                     "reasoning", "thinking"};

/// Names, as a Provenance's field, the reference's dialect: {"thinking":{"content","signature"}}.
inline constexpr std::string_view kThinkingObject = "thinking{}";

}  // namespace ccr::wire::openai_chat
