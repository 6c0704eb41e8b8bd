// Reads a small file that holds credentials. Blocking; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ccr::auth {

/// nullopt when there is no such file. Error: it cannot be read or is no credential (over 1 MB);
/// `title` names it in the message, the path does not appear.
Result<std::optional<std::string>> read_credential_file(const std::string& path,
                                                        std::string_view title);

}  // namespace ccr::auth
