#include "wire/anthropic/anthropic.h"
#include "wire/codec.h"
#include "wire/gemini/gemini.h"
#include "wire/openai_chat/openai_chat.h"
#include "wire/openai_responses/openai_responses.h"

namespace ccr::wire {

const Codec* codec_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::anthropic:
            return &anthropic::codec;
        case Protocol::openai_chat:
            return &openai_chat::codec;
        case Protocol::openai_responses:
            return &openai_responses::codec;
        case Protocol::gemini:
            return &gemini::codec;
    }
    return nullptr;
}

}  // namespace ccr::wire
