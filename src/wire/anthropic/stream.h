// Streams of the Messages protocol, both ways (docs: "Streaming messages").
#pragma once

#include "wire/codec.h"

namespace ccr::wire::anthropic {

std::unique_ptr<StreamDecoder> open_decoder(const Target& target);
std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context);

}  // namespace ccr::wire::anthropic
