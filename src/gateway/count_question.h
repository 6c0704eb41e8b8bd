// CountQuestion: what a server is asked that counts tokens, and where its answer has the number.
//
// Pure functions; views into what they were made from are not kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "json/document.h"
#include "net/headers.h"
#include "wire/codec.h"

namespace ccr::gateway {

struct CountQuestion {
    std::string url;
    net::Headers headers;
    std::string body;
    std::string field;              // of the answer; dots lead further down
    bool is_providers_own = false;  // with the provider's credential
};

/// A request that has been decoded, and whom it is bound for.
struct Countable {
    Protocol client;
    json::View root;  // of the request itself
    const chat::Conversation& conversation;
    const config::Provider& provider;
    const std::string& model;
};

/// nullopt where the provider's own protocol has no such question (Chat; the clouds' platforms).
std::optional<CountQuestion> count_question(const config::CountEndpoint& endpoint,
                                            const Countable& request);

/// The number in the answer. Error: upstream_protocol, without the answer's words.
Result<std::int64_t> counted_in(std::string_view answer, const std::string& field);

}  // namespace ccr::gateway
