// What the user's transformers did to an OpenAiView, done to the conversation behind it: what they
// did not touch stays the conversation's own, part by part, and what they edited is decoded again.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "chat/reply.h"
#include "json/patch.h"
#include "plugin/openai_view.h"

namespace ccr::plugin {

/// Views the conversation that it was made of, which must outlive it.
struct EditedRequest {
    chat::Conversation conversation;
    std::string model;      // the target's
    json::Patches members;  // of the encoded request: those that Chat does not know
    std::vector<Arena> decoded;
};

/// Error (config): `after` is no Chat request.
Result<EditedRequest> edited(const chat::Conversation& before, const OpenAiView& view,
                             std::string_view after);

/// Whether a script returned a request of its provider's own, to be sent as it is.
bool is_own_request(std::string_view after);

/// What a script made of an assistant's answer: the reply with `after` in it.
/// Error: upstream_protocol, in the words of the decoder.
Result<chat::Reply> edited_reply(chat::Reply before, std::string_view view, std::string_view after,
                                 std::string_view provider, std::string_view model);
/// What they see of a reply.
std::string view_of(const chat::Reply& reply, std::string_view id, std::string_view model);

}  // namespace ccr::plugin
