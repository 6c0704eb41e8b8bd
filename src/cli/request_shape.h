// The shape of a request that comes without its address: whose protocol it is. Pure functions.
#pragma once

#include "base/protocol.h"
#include "json/document.h"

namespace ccr::cli {

/// By the members that only one protocol has; Messages where nothing tells.
Protocol protocol_of_body(json::View body);

}  // namespace ccr::cli
