// Skimming: passes over most of a JSON string at 64 bytes a step.
//
// Stateless; any thread. Uses what the processor has (AVX-512BW, AVX2), and does nothing on others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ccr::json {

/// From `at`, inside a string and not behind a backslash: the place of the string's closing quote,
/// or one before it from which one has to look byte by byte: an escape with `u`, an error, or the
/// last bytes of the text. `beyond_ascii` gets a bit when a byte of 0x80 or more was passed.
std::size_t skim_string(std::string_view text, std::size_t at, std::uint64_t& beyond_ascii);

using Skim = std::size_t (*)(std::string_view, std::size_t, std::uint64_t&);
/// What this processor can run, the fastest first: skim_string is its first.
const std::vector<Skim>& available_skims();

}  // namespace ccr::json
