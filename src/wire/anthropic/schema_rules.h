// What Messages accepts of a schema that an answer must follow.
#pragma once

#include "wire/schema_subset.h"

namespace ccr::wire::anthropic {

extern const SchemaRules kAnswerRules;

}  // namespace ccr::wire::anthropic
