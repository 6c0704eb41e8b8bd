// What Messages accepts of a schema that an answer must follow.
#pragma once

#include "chat/schema_subset.h"

namespace ccr::wire::anthropic {

extern const chat::SchemaRules kAnswerRules;

}  // namespace ccr::wire::anthropic
