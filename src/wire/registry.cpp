#include "wire/anthropic/anthropic.h"
#include "wire/codec.h"
#include "wire/openai_chat/openai_chat.h"

namespace ccr::wire {

const Codec* codec_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::anthropic:
            return &anthropic::codec;
        case Protocol::openai_chat:
            return &openai_chat::codec;
        case Protocol::openai_responses:
        case Protocol::gemini:
            return nullptr;
    }
    return nullptr;
}

}  // namespace ccr::wire
