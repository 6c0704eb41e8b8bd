// The names of models that agents ask for by themselves, though nobody configured them. Pure.
#pragma once

#include <string_view>

namespace ccr::route {

/// Claude Code's: "claude-...", in any case.
bool is_claude_name(std::string_view model);

/// Claude Code's, Codex's ("gpt-...", "codex-...", "o3...") and Gemini CLI's ("gemini-..."), also
/// behind "models/". They say that an agent was left to its defaults, so the Router decides.
bool is_agent_name(std::string_view model);

/// The name without the "models/" that Gemini's API puts before names.
std::string_view without_models_prefix(std::string_view model);

}  // namespace ccr::route
