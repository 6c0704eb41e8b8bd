// Requests as clients send them: recorded ones of each client, and random ones of each protocol.
// For tests.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/random_json_fixture.h"
#include "wire/codec.h"

namespace ccr::wire {

inline constexpr auto kProtocols = std::to_array<Protocol>(
    {Protocol::anthropic, Protocol::openai_chat, Protocol::openai_responses, Protocol::gemini});

/// A provider that speaks `protocol`.
Target test_target(Protocol protocol);

/// "messages", "chat", "responses", "gemini": how golden files call them.
std::string_view short_name(Protocol protocol);

/// A client whose requests were recorded: those of a folder below tests/fixtures, of one protocol.
struct ClientRequests {
    std::string_view name;
    std::string_view folder;
    std::string_view prefix;  // of the files' names
    Protocol protocol;
};
std::span<const ClientRequests> client_requests();

struct RecordedRequest {
    std::string name;
    std::string body;
};
std::vector<RecordedRequest> recorded_requests(const ClientRequests& client);

/// A request with anything that a client of the protocol may send.
std::string random_request(Protocol protocol, json::Random& r);

}  // namespace ccr::wire
