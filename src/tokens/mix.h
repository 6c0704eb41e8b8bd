// mix: two words multiplied to twice their width and folded, the step that our hashes are made of.
#pragma once

#include <cstdint>

namespace ccr::tokens {

inline constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15u;  // 2^64 over the golden ratio

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace ccr::tokens
