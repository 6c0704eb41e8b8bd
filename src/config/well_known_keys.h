// Which providers could be set up with what this machine already has: key variables, a local
// Ollama.
//
// Pure but for asking the environment. A key's value never leaves this file, only its variable's
// name.
#pragma once

#include <string>
#include <vector>

#include "config/loader.h"

namespace ccr::config {

struct SetupHint {
    std::string variable;        // "OPENROUTER_API_KEY", "" for Ollama
    std::string provider;        // its name in the entry: "openrouter"
    std::string entry;           // one element of Providers, JSON5, the key as "$VARIABLE"
    std::string router_default;  // "provider,model" for Router.default
};

/// One hint per well-known variable that is set, best supported first.
std::vector<SetupHint> setup_hints(const Environment& environment);

/// For a server at 127.0.0.1:11434. The model is an example: any pulled one with tool support will
/// do.
SetupHint ollama_hint();

/// A complete configuration file made of hints (at least one), ready to paste.
std::string starter_config(const std::vector<SetupHint>& hints);

}  // namespace ccr::config
