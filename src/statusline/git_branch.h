// The branch that a folder's git repository is on, read from its files: a status line is drawn too
// often for a process each time.
#pragma once

#include <string>

namespace ccr::statusline {

/// As `git branch --show-current` says it: "" outside of repositories and on no branch. Worktrees
/// and submodules, whose `.git` is a file, too (gitrepository-layout(5)).
std::string git_branch(const std::string& directory);

}  // namespace ccr::statusline
