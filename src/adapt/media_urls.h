// Media by address: which images and documents of a conversation a target cannot take by their URL,
// so that they have to be loaded for it.
//
// Pure functions; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "chat/conversation.h"
#include "config/config.h"

namespace ccr::adapt {

/// The parts, of turns and of tool results, that are such media; pointers into `conversation`.
std::vector<chat::Part*> media_by_refused_url(chat::Conversation& conversation,
                                              const config::Provider& provider,
                                              std::string_view model, Protocol speaks);

}  // namespace ccr::adapt
