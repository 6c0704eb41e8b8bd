// Texts that come piece by piece, of a length that nobody tells.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/heap.h"

namespace ccr {

/// Appends `from`, of which no byte may be in `to`. Beyond some hundred kilobytes the room is a
/// block that a service's heap maps (base/heap.h): it takes memory only as far as it is filled, and
/// goes back whole. Growing in doubles leaves a block of each size behind, in which small ones
/// settle.
inline void append_growing(std::string& to, std::string_view from) {
    constexpr std::size_t kLarge = 256 << 10;
    const std::size_t whole = to.size() + from.size();
    if (whole > to.capacity() && whole > kLarge)
        to.reserve(std::max({whole, 2 * to.capacity(), kLargestKeptBlock + 1}));
    to.append(from);
}

}  // namespace ccr
