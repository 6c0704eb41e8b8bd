// Recipe: what the parts of a plan are gathered in, and what they are chosen by.
#pragma once

#include <memory>
#include <vector>

#include "adapt/adapter.h"
#include "config/config.h"

namespace ccr::adapt {

/// One attempt as far as the choice of adapters and patches depends on it.
struct Situation {
    const config::Provider& provider;
    std::string_view model;
    Protocol speaks;
    const chat::Conversation& conversation;
    const config::Traits& traits;
    bool same_protocol;
};

struct Recipe {
    std::vector<std::unique_ptr<Adapter>> adapters;
    json::Patches patches;
};

/// What a transformer of the reference comes to here; an unknown name comes to nothing (the
/// configuration has a finding for it).
void add_transformer(const config::TransformerUse& use, const Situation& situation, Recipe& recipe);

/// How this provider is told to think, in place of what the codec writes.
json::Patches thinking_patches(const Situation& situation);
/// As `thinking_patches`, in a given style.
json::Patches thinking_patches(const Situation& situation, config::ThinkingStyle style);

/// What an endpoint that speaks Messages without being Anthropic's does not take.
json::Patches messages_patches(const config::MessagesDialect& dialect);

/// Where a protocol's request has its limit of output tokens.
std::string max_tokens_pointer(Protocol protocol);
/// Every place where a request of any protocol may have a cache mark, emptied.
json::Patches without_cache_marks();

}  // namespace ccr::adapt
