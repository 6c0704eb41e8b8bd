// Seeds the client's own state file, so that its first start asks no onboarding questions.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::cli {

/// Writes `~/.claude.json` where there is none; an existing file is never touched. True when it was
/// written.
Result<bool> seed_claude_state(const std::string& user_home);

}  // namespace ccr::cli
