// Window fit: what a request may ask for as an answer, so that it and the conversation stay within
// the model's context window. Pure but for the tokenizers' caches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/document.h"
#include "route/route.h"

namespace ccr::gateway {

/// The most tokens that an encoded request allows for its answer; nullopt where it says nothing.
std::optional<std::int64_t> output_limit(Protocol protocol, json::View body);

/// `body`, the request of `conversation` as it would go to `target` in `protocol`, with its limit
/// lowered to what the window leaves, which is noted in `losses`. Unchanged where it fits, where
/// the window is not known, and where so little is left that the provider had better refuse it.
json::SplicedText fit_window(const route::Attempt& target, Protocol protocol,
                             const chat::Conversation& conversation, json::SplicedText body,
                             chat::Losses& losses);

}  // namespace ccr::gateway
