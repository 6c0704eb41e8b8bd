// Leaves a note in the service's lock file when a signal of the system ends the process, for the
// next start to tell.
#pragma once

#include <string>

namespace ccr::cli {

/// From now on. `lock`: the open lock file; -1 = no more notes.
void note_crashes(int lock);

/// What the lock file of a service that did not end by itself says: "crashed (signal 11, ...)", or
/// that it was killed.
std::string how_it_ended(const std::string& lock_text);

}  // namespace ccr::cli
