// What Google's servers accept as a schema, as a row of chat/schema_subset.h.
//
// `parameters` and `responseSchema` take the same Schema object on every generation and on Vertex
// AI. `parametersJsonSchema` takes real JSON Schema, but a documented part of it only, and came
// later: so everything that is not a Gemini client's own is written in the older form.
#pragma once

#include "chat/schema_subset.h"

namespace ccr::wire::gemini {
extern const chat::SchemaRules kSchemaRules;
}
