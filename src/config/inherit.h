// Inherit: what a preset's configuration has from the one around it.
//
// Pure function.
#pragma once

#include "config/config.h"
#include "config/json5.h"

namespace ccr::config {

/// Adds to `preset`, after interpolation, every setting of `around` that it does not have itself,
/// by whatever spelling - but for what routes requests: Router, fallback, CUSTOM_ROUTER_PATH,
/// REWRITE_SYSTEM_PROMPT, StatusLine. Providers and transformers come along only where the preset
/// names no provider of its own.
/// Members of `scripts` are added one by one; programs of the machine (CLAUDE_PATH,
/// NODE_PATH_BINARY) are never the preset's.
void inherit(const Config& around, Document& preset);

}  // namespace ccr::config
