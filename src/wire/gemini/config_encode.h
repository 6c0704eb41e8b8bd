// `generationConfig`, towards a provider.
#pragma once

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"
#include "wire/gemini/model_traits.h"

namespace ccr::wire::gemini {

void encode_config(json::Writer& w, const chat::Conversation& conversation,
                   const ModelTraits& traits, bool has_functions, chat::Losses& losses);

}  // namespace ccr::wire::gemini
