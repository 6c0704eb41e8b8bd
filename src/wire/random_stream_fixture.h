// Random upstream streams for tests: Chat in the dialects of many servers, the others with
// everything they know. All end as they should.
#pragma once

#include <string>

#include "base/protocol.h"
#include "json/random_json_fixture.h"

namespace ccr::wire {

std::string random_stream(Protocol protocol, json::Random& r);

std::string random_chat_stream(json::Random& r);
std::string random_messages_stream(json::Random& r);
/// With events that nobody knows in between.
std::string random_responses_stream(json::Random& r);
/// As a server of some habits may send it.
std::string random_gemini_stream(json::Random& r);

}  // namespace ccr::wire
