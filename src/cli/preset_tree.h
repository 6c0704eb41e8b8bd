// PresetTree: a preset's directory as it is taken over: what may be in it, its copy and its
// checksum.
//
// Main thread; blocking.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::cli {

/// Error (config), naming the file: a symbolic link, a device or the like; more than 2000 files or
/// 64 MB. They would reach outside the directory, or are no preset.
Result<void> check_tree(const std::string& directory);

/// Copies all of it but `.git` into the existing directory `to`.
Result<void> copy_tree(const std::string& from, const std::string& to);

/// SHA-256 over the paths and contents of all files, in hex: the same tree has the same one
/// everywhere.
Result<std::string> checksum_of_tree(const std::string& directory);

}  // namespace ccr::cli
