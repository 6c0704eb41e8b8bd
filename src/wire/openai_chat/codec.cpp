#include "wire/openai_chat/client_side.h"
#include "wire/openai_chat/losses.h"
#include "wire/openai_chat/openai_chat.h"
#include "wire/openai_chat/provider_side.h"

namespace ccr::wire::openai_chat {

const Codec codec = {
    .protocol = Protocol::openai_chat,
    .decode_request = decode_request,
    .encode_request = encode_request,
    .splice_request = splice_request,
    .decode_reply = decode_reply,
    .encode_reply = encode_reply,
    .open_decoder = open_decoder,
    .open_encoder = open_encoder,
    .encode_error = encode_error,
    .decode_error = decode_error,
    .endpoint = endpoint,
    .not_carried = kNotCarried,
};

}  // namespace ccr::wire::openai_chat
