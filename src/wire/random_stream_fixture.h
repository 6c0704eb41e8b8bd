// Random upstream streams for tests: Chat in the dialects of many servers, Messages with everything
// it knows.
#pragma once

#include <string>

#include "json/random_json_fixture.h"

namespace ccr::wire {

/// chat.completion.chunk messages that end as they should.
std::string random_chat_stream(json::Random& r);

/// Messages events that end with message_stop.
std::string random_messages_stream(json::Random& r);
/// A generateContent stream as a server of some habits may send it, ended as it should.
std::string random_gemini_stream(json::Random& r);

}  // namespace ccr::wire
