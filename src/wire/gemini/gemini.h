// Google's Gemini protocol: https://ai.google.dev/api/generate-content (generateContent and
// streamGenerateContent), as the Gemini API and Vertex AI speak it.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::gemini {
extern const Codec codec;
}
