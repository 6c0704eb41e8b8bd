// Facts: from the bytes of a request to what routing may know of it. No I/O, so that `ccr explain`
// asks the same.
#pragma once

#include <optional>
#include <string>

#include "gateway/address.h"
#include "json/document.h"
#include "net/headers.h"
#include "route/route.h"
#include "wire/codec.h"

namespace ccr::gateway {

/// A request as it was read. `root` and `conversation` view `body`, which lives as long and stays
/// where it is.
struct Question {
    const net::Headers& headers;
    std::string& body;
    json::Document& document;
    json::View& root;
    chat::Conversation& conversation;
};

/// Decodes `body` and edits its bytes, so that every lane sends them as edited: subagent tags are
/// taken out, and `instructions` (nullptr = none) take the place of those that the client gives its
/// main agent. Error: invalid_request.
Result<std::optional<route::SubagentTag>> decode(const Address& address, const wire::Codec& client,
                                                 Question question,
                                                 const std::string* instructions);

/// What routing may know, under the Router that holds for it; without what is remembered of the
/// session.
route::Facts facts_of(const net::Headers& headers, const chat::Conversation& conversation,
                      Protocol client, std::optional<route::SubagentTag> tag,
                      const config::Config& config);

}  // namespace ccr::gateway
