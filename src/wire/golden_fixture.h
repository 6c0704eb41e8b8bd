// Golden files: what was once read by a person and found right. CCR_UPDATE_GOLDEN=1 writes them
// anew; the difference is read before it is committed. For tests.
#pragma once

#include <string>
#include <string_view>

namespace ccr::wire {

/// Expects `text` in the file `name` below tests/golden.
void expect_golden(std::string_view name, const std::string& text);

}  // namespace ccr::wire
