// BlockTracker: makes blocks out of deltas, for protocols whose streams have none.
//
// Keeps the grammar: one block open at a time. A block that begins while a tool call is unfinished
// waits, buffered, until that call's JSON is complete; so interleaved calls come out whole and in
// order. A plain object, one stream, one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "chat/stream_event.h"
#include "wire/detail_list.h"

namespace ccr::wire {

/// Whether pieces of JSON text, put together, are a complete value.
class JsonProgress {
  public:
    void feed(std::string_view plain);
    bool complete() const { return complete_; }

  private:
    int depth_ = 0;
    bool in_string_ = false, escaped_ = false, complete_ = false;
};

class BlockTracker {
  public:
    using CallKey = std::uint32_t;

    void text(json::Text piece, chat::Events& out);
    void reasoning(json::Text piece, const chat::Provenance& from, chat::Events& out);
    /// The seal of the latest reasoning block; opens an empty one where there is none.
    void seal(json::Text seal, const chat::Provenance& from, chat::Events& out);
    /// One chunk's `reasoning_details` array, gathered for the latest reasoning block.
    void details(json::View array, const chat::Provenance& from, chat::Events& out);

    /// Begins a call; the start event waits until its name is known.
    CallKey begin_call(chat::Events& out);
    /// The first id counts.
    void call_id(CallKey key, json::Text id);
    /// Pieces add up; the whole name once more changes nothing.
    void call_name(CallKey key, json::Text piece);
    void call_arguments(CallKey key, json::Text piece, chat::Events& out);

    /// Whether the call's arguments are a complete JSON value.
    bool call_complete(CallKey key) const;

    /// The provider says that the call is whole, whatever its arguments look like.
    void end_call(CallKey key, chat::Events& out);

    void web_search(const chat::WebSearch& search, chat::Events& out);
    /// A whole block that only its own protocol knows.
    void opaque(const chat::Opaque& opaque, chat::Events& out);
    /// What comes next begins a block of its own, also if it is of the latest block's kind.
    void end_block();

    /// Closes what is open and lets out everything that waits.
    void finish(chat::Events& out);
    bool had_calls() const { return next_key_ > 0; }

  private:
    struct Block {
        chat::BlockKind kind;
        CallKey key = 0;
        std::string id, name;  // escaped
        std::string waiting;   // escaped deltas not yet let out
        std::string seal;
        DetailList details;
        chat::Provenance from;
        chat::WebSearch search;
        chat::Opaque opaque;
        JsonProgress progress;
        bool opened = false;
        bool ended = false;  // said so by the provider
    };
    Block& current(chat::BlockKind kind, const chat::Provenance& from, chat::Events& out);
    const Block* find(CallKey key) const;
    Block* find(CallKey key) { return const_cast<Block*>(std::as_const(*this).find(key)); }
    void push(Block block, chat::Events& out);
    void piece(Block& block, chat::DeltaKind kind, json::Text text, chat::Events& out);
    void open(Block& block, chat::Events& out);
    void close_front(chat::Events& out);
    void advance(chat::Events& out);
    bool done(const Block& block) const;
    json::Text own(const std::string& escaped) {
        return json::Text::from_escaped(arena_.keep(escaped));
    }

    std::deque<Block> blocks_;  // the front one is being let out, the others wait
    Arena arena_;               // what events view: ids, names, provenance, what waited
    CallKey next_key_ = 0;
};

}  // namespace ccr::wire
