// Requests of the Messages protocol, both ways, and the verbatim lane's splices.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::anthropic {

Result<chat::Conversation> decode_request(json::View body, const Asked&);
Encoded encode_request(const chat::Conversation& conversation, const Target& target);
SplicedRequest splice_request(json::View body, const Target& target);

}  // namespace ccr::wire::anthropic
