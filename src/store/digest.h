// Digests: short names for things that are looked up by what they say. Pure functions, any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "json/document.h"

namespace ccr::store {

/// 128 bits of SHA-256 over the parts, each with its length, as hex. The same after a restart.
std::string digest(std::initializer_list<std::string_view> parts);

/// A JSON value in one spelling: no blanks, members sorted by name, escapes only where needed.
std::string canonical(json::View value);

}  // namespace ccr::store
