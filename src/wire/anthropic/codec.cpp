#include "wire/anthropic/anthropic.h"
#include "wire/anthropic/losses.h"
#include "wire/anthropic/reply.h"
#include "wire/anthropic/request.h"
#include "wire/anthropic/stream.h"

namespace ccr::wire::anthropic {

const Codec codec = {
    .protocol = Protocol::anthropic,
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

}  // namespace ccr::wire::anthropic
