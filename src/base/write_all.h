// write_all: a whole text to a descriptor, as often as the system takes a part of it. Any thread.
#pragma once

#include <string_view>

namespace ccr {

/// Whether all of `content` was written; if not, errno says why. Waits as the descriptor does.
bool write_all(int descriptor, std::string_view content);

}  // namespace ccr
