#include "wire/openai_responses/client_side.h"
#include "wire/openai_responses/losses.h"
#include "wire/openai_responses/openai_responses.h"
#include "wire/openai_responses/provider_side.h"

namespace ccr::wire::openai_responses {

const Codec codec = {
    .protocol = Protocol::openai_responses,
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

}  // namespace ccr::wire::openai_responses
