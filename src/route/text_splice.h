// Splices of a request's body, said in bytes of a text as it reads rather than as it is written.
//
// Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "json/splice.h"

namespace ccr::route {

/// Puts `replacement` (as it is written in JSON) in the place of the plain bytes [begin, end) of a
/// text whose written form `escaped` lies in `body`. nullopt for a text that a decoder made: no
/// byte of it travels.
std::optional<json::Splice> splice_of_text(std::string_view body, std::string_view escaped,
                                           std::size_t begin, std::size_t end,
                                           std::string replacement);

}  // namespace ccr::route
