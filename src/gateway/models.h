// The list of models, in one body that Anthropic and OpenAI readers both accept.
#pragma once

#include <string>

#include "config/config.h"

namespace ccr::gateway {

/// GET /v1/models. Ids are "provider,model"; those that Claude Code's discovery would drop (it
/// keeps only ids with "claude" or "anthropic" in them) are listed as "anthropic:provider,model".
std::string models_body(const config::Config& config);

}  // namespace ccr::gateway
