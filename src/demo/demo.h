// The demo provider: a scripted, deterministic model that needs no key.
//
// It speaks Messages and Chat Completions over HTTP, answers text, thinks, calls the tools it is
// offered and plays faults on request ("demo: slow", see docs/demo.md). Every answer says that it
// is the demo.
#pragma once

#include <string>

#include "net/http_server.h"

namespace ccr::demo {

/// Serves POST .../messages, .../messages/count_tokens and .../chat/completions, and GET
/// .../models. Stateless but for a counter of tries per fault. May be used by several threads.
/// `advice`, if any, is one more sentence of every plain answer: which provider could be set up
/// here, and how.
net::Handler handler(std::string advice = {});
net::RefusalWriter refusal_writer();

}  // namespace ccr::demo
