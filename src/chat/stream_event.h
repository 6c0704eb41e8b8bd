// StreamEvent: one vocabulary for every stream, with a grammar.
//
//   stream := Started (Opened Delta* Closed)* (Finished | Failed)
//   Usage and Ping may stand anywhere after Started; Failed may come at any time, even first.
//
// Exactly one block is open at a time. Views in an event are valid until the decoder is fed again.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "chat/reply.h"

namespace ccr::chat {

struct Started {
    Text id;
    Text model;
    Usage usage;
};

enum class BlockKind : std::uint8_t { text, reasoning, tool_call, web_search, opaque };

struct Opened {
    BlockKind kind = BlockKind::text;
    Text id;                // tool_call
    Text name;              // tool_call
    WebSearch search;       // web_search: complete at once, no deltas
    bool redacted = false;  // reasoning: nothing but a seal
    Provenance from;        // reasoning
    Opaque opaque;          // opaque: raw is the block as its protocol opens it
};

enum class DeltaKind : std::uint8_t {
    text,       // of a text block
    reasoning,  // of a reasoning block
    seal,       // of a reasoning block: its signature, whole
    details,    // of a reasoning block: raw JSON array to be merged into Reasoning::details
    arguments,  // of a tool call: a piece of its JSON text
    opaque,     // raw delta of the block's own protocol
};

struct Delta {
    DeltaKind kind = DeltaKind::text;
    Text text;
    std::string_view raw;
};

struct Closed {};
struct UsageReport {
    Usage usage;
};
struct Finished {
    StopReason reason = StopReason::end_turn;
    Text stop_sequence;
};
struct Failed {
    Error error;
};
struct Ping {};

using StreamEvent =
    std::variant<Started, Opened, Delta, Closed, UsageReport, Finished, Failed, Ping>;
using Events = std::vector<StreamEvent>;

/// Whether a client would lose something if this event were thrown away: text, thinking, a tool
/// call, a refusal. A role chunk, a ping, an empty block or a plain end is not content.
bool bears_content(const StreamEvent& event);

/// A copy whose views live in `arena`.
StreamEvent kept(const StreamEvent& event, Arena& arena);

}  // namespace ccr::chat
