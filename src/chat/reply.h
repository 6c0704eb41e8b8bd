// Reply: a complete answer of a model, and the counts and reasons that end one.
//
// A Reply owns its strings (arena) and may be kept as long as wanted. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "chat/conversation.h"

namespace ccr::chat {

/// Tokens. `input` leaves out what was read from or written to the cache, as Anthropic counts; the
/// whole prompt is input + cache_read + cache_write.
struct Usage {
    std::optional<std::int64_t> input, output, cache_read, cache_write, reasoning;

    /// Takes over every count that `newer` has.
    void merge(const Usage& newer);
    std::int64_t whole_input() const {
        return input.value_or(0) + cache_read.value_or(0) + cache_write.value_or(0);
    }
};

enum class StopReason : std::uint8_t {
    end_turn,
    max_tokens,
    stop_sequence,
    tool_use,
    refusal,
    pause,             // a provider-run tool wants another request
    context_exceeded,  // the model's window was full
};

struct Reply {
    Text id;
    Text model;
    std::vector<Part> parts;
    StopReason stop = StopReason::end_turn;
    Text stop_sequence;
    Usage usage;
    Arena arena;
};

}  // namespace ccr::chat
