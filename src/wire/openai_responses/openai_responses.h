// The OpenAI Responses protocol: https://platform.openai.com/docs/api-reference/responses, as
// spoken by Codex and by the providers that follow it.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::openai_responses {
extern const Codec codec;
}
