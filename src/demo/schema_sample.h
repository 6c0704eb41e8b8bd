// A small JSON value that satisfies a JSON Schema: what the demo answers where a shape is demanded,
// and the arguments of calls for which the user gave none.
//
// Pure. Understood: $ref into the same schema, const, enum, default, anyOf, oneOf, allOf, type,
// required, properties, items, prefixItems, minItems, minLength, maxLength, the common formats,
// numeric bounds and multipleOf. Other keywords (pattern, if, not ...) are not looked at.
#pragma once

#include <string>
#include <string_view>

namespace ccr::demo {

/// `schema` as raw JSON; "{}" where it is empty or unreadable. `filler` stands in strings that may
/// be anything, so far as their length allows.
std::string schema_sample(std::string_view schema, std::string_view filler);

}  // namespace ccr::demo
