// The Anthropic Messages protocol: https://docs.anthropic.com/en/api/messages and
// .../messages-streaming, as spoken by Claude Code.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::anthropic {
extern const Codec codec;
}
