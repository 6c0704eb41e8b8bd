// What a Messages request cannot carry: the one table that the encoder's losses come from.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::anthropic {

enum class Lost : std::uint8_t {
    thinking,
    audio,
    file_id,
    opaque,
    empty_turn,
    server_tool,
    json_mode,
    schema_keyword,  // told by schema_subset()
    least_effort,
    high_temperature,
    sampling,
    thinking_beside_choice,
    budget,
    verbosity,
    member,
};

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"thinking", "made by another provider, which alone can verify it", "left out"},
    {"audio", "Messages has no block for sound", "a note in the text"},
    {"file id", "files uploaded to one provider cannot be read by another", "a note in the text"},
    {"block of another protocol", "known to its own protocol only", "its text, where it has one"},
    {"turn without content", "nothing in it can be sent, and Messages refuses an empty one",
     "left out"},
    {"server tool", "a tool that only its own provider can run", "left out"},
    {"JSON mode", "Messages knows answers after a schema only", "left out"},
    {"keyword of an answer's schema", "not accepted by Messages", "left out; objects are closed"},
    {"effort below low", "the scale of Messages begins at low", "low"},
    {"temperature above 1", "the scale of Messages ends at 1", "1"},
    {"temperature, top_k, a low top_p", "Messages refuses them beside thinking", "left out"},
    {"thinking", "Messages refuses it where a tool must be called", "left out"},
    {"thinking budget", "it must be at least 1024 and less than max_tokens",
     "the nearest such budget, or no thinking"},
    {"verbosity", "no member of Messages", "left out"},
    {"member of another protocol", "unknown to the Messages protocol", "left out"},
});
static_assert(kNotCarried.size() == static_cast<std::size_t>(Lost::member) + 1);

constexpr const NotCarried& loss_of(Lost lost) {
    return kNotCarried[static_cast<std::size_t>(lost)];
}

}  // namespace ccr::wire::anthropic
