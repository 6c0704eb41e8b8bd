// Plays a plan to a client: the answer, streamed or complete, with the faults that were asked for.
//
// Runs on the exchange's thread and ends early when the client leaves.
#pragma once

#include <string>

#include "demo/script.h"
#include "net/http_server.h"
#include "wire/codec.h"

namespace ccr::demo {

/// One answer. `codec` is a table of the program; the rest is owned.
struct Performance {
    Plan plan;
    const wire::Codec* codec = nullptr;
    std::string request_id;
    bool include_usage = true;
};

net::Task<void> play_stream(net::Exchange& exchange, Performance performance);
net::Task<void> play_complete(net::Exchange& exchange, Performance performance);

/// A complete JSON answer.
net::Answer json_answer(int status, std::string body);

}  // namespace ccr::demo
