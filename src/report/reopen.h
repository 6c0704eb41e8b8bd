// Another open file description of what a descriptor leads to, whose flags are nobody else's.
//
// Any thread.
#pragma once

#include "net/socket_calls.h"

namespace ccr::report {

/// To write to a terminal or a pipe without waiting; none where the system has no way, or does not
/// allow it.
net::Descriptor reopened(int descriptor);

}  // namespace ccr::report
