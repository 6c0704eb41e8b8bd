// Moonshot Flavored JSON Schema (MFJS): what Kimi's servers take of JSON Schema, as a row of
// chat/schema_subset.h. A request with anything else in one tool is refused as a whole.
#pragma once

#include "chat/schema_subset.h"

namespace ccr::adapt {

extern const chat::SchemaRules kMoonshotSchema;

}  // namespace ccr::adapt
