// Google's Schema objects to JSON Schema: the OpenAPI 3.0 subset of `parameters` and
// `responseSchema` (ai.google.dev/api/caching, "Schema") writes types in upper case, null as
// `nullable` and counts as strings. Pure functions.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "json/document.h"

namespace ccr::wire::gemini {

/// The same schema as JSON Schema: `schema`'s own bytes where they are one already, else a text in
/// `arena`.
std::string_view json_schema_of(json::View schema, Arena& arena);

}  // namespace ccr::wire::gemini
