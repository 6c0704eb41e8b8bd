// The names of models that agents ask for by themselves, though nobody configured them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ccr::route {

/// Claude Code's: "claude-...", in any case.
bool is_claude_name(std::string_view model);

/// Claude Code's, Codex's ("gpt-...", "codex-...", "o3...") and Gemini CLI's ("gemini-..."), also
/// behind "models/". They say that an agent was left to its defaults, so the Router decides.
bool is_agent_name(std::string_view model);

/// Whether the name is one of the small models that agents give their errands to: Claude's haiku,
/// OpenAI's mini and nano, Gemini's flash-lite.
bool is_small_name(std::string_view model);

/// Whether the name is of the slot "opus", "sonnet" or "haiku" of Claude Code: the slot itself, or
/// a Claude name with that word in it.
bool is_of_slot(std::string_view model, std::string_view slot);

/// The agent that a user-agent header tells of - "claude-code", "codex", "gemini-cli", "opencode" -
/// or "".
std::string agent_of(std::string_view user_agent);

/// The name without the "models/" that Gemini's API puts before names.
std::string_view without_models_prefix(std::string_view model);

}  // namespace ccr::route
