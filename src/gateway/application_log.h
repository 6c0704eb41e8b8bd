// The application log's subscriber: one JSON line per routing decision, attempt and outcome.
#pragma once

#include "event/event.h"

namespace ccr::gateway {

void write_application_log(const event::Event& event);

/// The line of one event, a JSON object; `time` is epoch milliseconds.
std::string application_line(const event::Event& event, std::int64_t time);

}  // namespace ccr::gateway
