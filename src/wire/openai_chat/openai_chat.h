// The OpenAI Chat Completions protocol: https://platform.openai.com/docs/api-reference/chat and the
// dialects of the many providers that speak it.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::openai_chat {
extern const Codec codec;
}
