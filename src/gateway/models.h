// The list of models, in the shape that its reader expects. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"

namespace ccr::gateway {

/// Who reads the list. The two bodies of Anthropic's and OpenAI's readers are one; only the names
/// differ.
enum class Listing : std::uint8_t { anthropic, openai, gemini };

/// The aliases of Router.models, every configured model, and what wildcards stand for. Ids are the
/// alias or "provider,model"; for Anthropic's readers those that Claude
/// Code's discovery would drop (it keeps only ids with "claude" or "anthropic" in them) are
/// prefixed with "anthropic:", for Gemini's they begin with "models/".
std::string models_body(const config::Config& config, Listing listing);

/// One model, asked by its id in the list or by a name that a provider lists. Error: not_found.
Result<std::string> model_body(const config::Config& config, Listing listing,
                               std::string_view asked);

}  // namespace ccr::gateway
