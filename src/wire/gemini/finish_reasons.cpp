#include "wire/gemini/finish_reasons.h"

#include <algorithm>
#include <array>

namespace ccr::wire::gemini {
namespace {

using chat::StopReason;

constexpr auto kRefusals = std::to_array<std::string_view>(
    {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR",
     "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"});
// The answer is not what the model meant: another try can help.
constexpr auto kFailures = std::to_array<std::string_view>(
    {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
     "MISSING_THOUGHT_SIGNATURE", "OTHER", "IMAGE_OTHER", "NO_IMAGE"});

bool is_among(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::optional<StopReason> stop_reason_of(std::string_view finish_reason) {
    if (finish_reason == "MAX_TOKENS") return StopReason::max_tokens;
    if (is_among(kRefusals, finish_reason)) return StopReason::refusal;
    if (is_among(kFailures, finish_reason)) return std::nullopt;
    return StopReason::end_turn;
}

std::string_view finish_reason_of(StopReason reason) {
    switch (reason) {
        case StopReason::max_tokens:
        case StopReason::context_exceeded:
            return "MAX_TOKENS";
        case StopReason::refusal:
            return "SAFETY";
        case StopReason::end_turn:
        case StopReason::stop_sequence:
        case StopReason::tool_use:
        case StopReason::pause:
            break;
    }
    return "STOP";
}

}  // namespace ccr::wire::gemini
