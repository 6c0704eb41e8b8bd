#include "wire/anthropic/names.h"

#include <array>
#include <utility>

namespace ccr::wire::anthropic {
namespace {
using chat::StopReason;
constexpr std::array<std::pair<StopReason, std::string_view>, 7> kStopReasons = {{
    {StopReason::end_turn, "end_turn"},
    {StopReason::max_tokens, "max_tokens"},
    {StopReason::stop_sequence, "stop_sequence"},
    {StopReason::tool_use, "tool_use"},
    {StopReason::refusal, "refusal"},
    {StopReason::pause, "pause_turn"},
    {StopReason::context_exceeded, "model_context_window_exceeded"},
}};
}  // namespace

std::string_view stop_reason_name(chat::StopReason reason) {
    for (const auto& [value, name] : kStopReasons) {
        if (value == reason) return name;
    }
    return "end_turn";
}

chat::StopReason stop_reason_of(json::Text text) {
    for (const auto& [value, name] : kStopReasons) {
        if (text.equals(name)) return value;
    }
    return StopReason::end_turn;
}

}  // namespace ccr::wire::anthropic
