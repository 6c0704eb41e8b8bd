// Wire strings of the Messages protocol that more than one file needs.
#pragma once

#include <optional>
#include <string_view>

#include "chat/reply.h"
#include "json/text.h"

namespace ccr::wire::anthropic {

/// stop_reason, both ways (docs: Messages API, "stop_reason"; stop reasons of 2025-09 on).
std::string_view stop_reason_name(chat::StopReason reason);
chat::StopReason stop_reason_of(json::Text name);

/// The stand-in tool that Claude Code lists for tools it has not loaded; it must never be called.
inline constexpr std::string_view kDeferredPlaceholder = "DeferredToolPlaceholder";
/// How Claude Code's volatile attribution text begins, the first system block.
inline constexpr std::string_view kAttribution = "x-anthropic-billing-header";

}  // namespace ccr::wire::anthropic
