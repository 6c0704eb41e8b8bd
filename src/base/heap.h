// The heap's habits, set once when a service starts.
#pragma once

#include <cstddef>

namespace ccr {

/// Larger ones are mapped, and go back when they are freed.
inline constexpr std::size_t kLargestKeptBlock = 8 << 20;

/// Keeps freed blocks of up to kLargestKeptBlock bytes for the next request: without it every body
/// over 128 KB is mapped, faulted in and unmapped again. Costs some megabytes after a load. Call
/// before threads start.
void keep_freed_memory();

/// Gives what is kept back to the system. Takes some milliseconds, in which no thread allocates.
/// One thread at a time, as the next.
void give_back_freed_memory();

/// The same where more has come since the last time than a request or two want again: what a burst
/// of them leaves behind the streams that it has opened.
void give_back_much_freed_memory();

}  // namespace ccr
