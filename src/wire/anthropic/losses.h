// What requests lose on their way to a Messages provider.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::anthropic {

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"thinking of another provider", "only its maker can verify a seal"},
    {"audio", "Messages has no audio block"},
    {"files by id", "files uploaded to one provider cannot be read by another"},
    {"tools that another provider runs", "only that provider can run them"},
    {"JSON mode without a schema", "Messages knows answers after a schema only"},
    {"members known to another protocol only", "Messages refuses what it does not know"},
});

}  // namespace ccr::wire::anthropic
