// What a request asks of the answer: thinking, effort, sampling, format, the choice of a tool.
//
// Pure functions.
#pragma once

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"

namespace ccr::wire::anthropic {

/// Writes those members. Another protocol's client may ask for what Messages refuses together; then
/// what matters less to it is left out.
void encode_options(json::Writer& w, const chat::Conversation& c, chat::Losses& losses);

}  // namespace ccr::wire::anthropic
