// The tables of data/, embedded in the binary: read in place, paged in by the system when touched.
//
// Any thread; they live as long as the process.
#pragma once

#include <string_view>

namespace ccr::tokens {

std::string_view cl100k_ranks();
std::string_view o200k_ranks();
std::string_view unicode_classes();
std::string_view composition_table();

}  // namespace ccr::tokens
