// `finishReason`, both ways (ai.google.dev/api/generate-content, "FinishReason"). Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "chat/reply.h"

namespace ccr::wire::gemini {

/// nullopt for the reasons of an answer that broke off in failure.
std::optional<chat::StopReason> stop_reason_of(std::string_view finish_reason);

/// For a client. Gemini has no word of its own for calls, stop sequences and pauses.
std::string_view finish_reason_of(chat::StopReason reason);

}  // namespace ccr::wire::gemini
