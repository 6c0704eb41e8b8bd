// Small files that only their user may read, written whole or not at all. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ccr::cli {

/// Replaces `path` by a file of mode 0600; readers see the old content or the new, never a part.
Result<void> write_private_file(const std::string& path, std::string_view content);

/// As above, but an existing file is left alone. True when the file was created.
Result<bool> create_private_file(const std::string& path, std::string_view content);

/// The content of a regular file of at most 16 MB; nullopt when there is none or it cannot be read.
std::optional<std::string> read_file(const std::string& path);

}  // namespace ccr::cli
