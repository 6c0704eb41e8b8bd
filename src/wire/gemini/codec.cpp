#include "wire/gemini/client_side.h"
#include "wire/gemini/gemini.h"
#include "wire/gemini/losses.h"
#include "wire/gemini/provider_side.h"

namespace ccr::wire::gemini {

const Codec codec = {
    .protocol = Protocol::gemini,
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

}  // namespace ccr::wire::gemini
