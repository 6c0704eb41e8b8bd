#include "wire/block_tracker.h"

#include "base/ids.h"

namespace ccr::wire {

using chat::BlockKind;
using chat::DeltaKind;
using json::Text;

namespace {

DeltaKind delta_kind_of(BlockKind kind) {
    switch (kind) {
        case BlockKind::reasoning:
            return DeltaKind::reasoning;
        case BlockKind::tool_call:
            return DeltaKind::arguments;
        default:
            return DeltaKind::text;
    }
}

}  // namespace

void JsonProgress::feed(std::string_view plain) {
    for (const char c : plain) {
        if (complete_) return;
        if (in_string_) {
            if (escaped_)
                escaped_ = false;
            else if (c == '\\')
                escaped_ = true;
            else if (c == '"')
                in_string_ = false;
            continue;
        }
        if (c == '"')
            in_string_ = true;
        else if (c == '{' || c == '[')
            ++depth_;
        else if ((c == '}' || c == ']') && --depth_ <= 0)
            complete_ = true;
    }
}

bool BlockTracker::done(const Block& block) const {
    return block.kind != BlockKind::tool_call || block.ended || block.progress.complete();
}

const BlockTracker::Block* BlockTracker::find(CallKey key) const {
    for (const Block& block : blocks_) {
        if (block.kind == BlockKind::tool_call && block.key == key) return &block;
    }
    return nullptr;
}

void BlockTracker::open(Block& block, chat::Events& out) {
    block.opened = true;
    chat::Opened opened;
    opened.kind = block.kind;
    if (block.kind == BlockKind::tool_call && block.id.empty()) block.id = new_id("call_");
    opened.id = own(block.id);
    opened.name = own(block.name);
    opened.from = block.from;
    opened.search = block.search;
    opened.opaque = block.opaque;
    out.emplace_back(std::move(opened));
}

void BlockTracker::close_front(chat::Events& out) {
    Block& front = blocks_.front();
    if (!front.opened) open(front, out);
    if (!front.waiting.empty())
        out.emplace_back(chat::Delta{delta_kind_of(front.kind), own(front.waiting), {}});
    if (!front.details.empty()) {
        out.emplace_back(chat::Delta{DeltaKind::details, {}, arena_.keep(front.details.json())});
    }
    if (!front.seal.empty()) out.emplace_back(chat::Delta{DeltaKind::seal, own(front.seal), {}});
    out.emplace_back(chat::Closed{});
    blocks_.pop_front();
}

void BlockTracker::advance(chat::Events& out) {
    while (blocks_.size() > 1 && done(blocks_.front())) close_front(out);
}

void BlockTracker::push(Block block, chat::Events& out) {
    blocks_.push_back(std::move(block));
    advance(out);
}

BlockTracker::Block& BlockTracker::current(BlockKind kind, const chat::Provenance& from,
                                           chat::Events& out) {
    if (blocks_.empty() || blocks_.back().kind != kind || blocks_.back().ended) {
        Block block;
        block.kind = kind;
        block.from = {from.protocol, from.provider.kept(arena_), from.field.kept(arena_)};
        push(std::move(block), out);
    }
    return blocks_.back();
}

void BlockTracker::piece(Block& block, DeltaKind kind, Text text, chat::Events& out) {
    const bool nameless = block.kind == BlockKind::tool_call && block.name.empty();
    if (&block != &blocks_.front() || nameless) {
        block.waiting += text.escaped();
        return;
    }
    if (!block.opened) open(block, out);
    if (!block.waiting.empty()) {
        out.emplace_back(chat::Delta{kind, own(block.waiting), {}});
        block.waiting.clear();
    }
    if (!text.empty()) out.emplace_back(chat::Delta{kind, text, {}});
}

void BlockTracker::text(Text text, chat::Events& out) {
    if (!text.empty()) piece(current(BlockKind::text, {}, out), DeltaKind::text, text, out);
}

void BlockTracker::reasoning(Text text, const chat::Provenance& from, chat::Events& out) {
    if (!text.empty())
        piece(current(BlockKind::reasoning, from, out), DeltaKind::reasoning, text, out);
}

void BlockTracker::seal(Text seal, const chat::Provenance& from, chat::Events& out) {
    if (!seal.empty()) current(BlockKind::reasoning, from, out).seal = seal.escaped();
}

void BlockTracker::details(json::View array, const chat::Provenance& from, chat::Events& out) {
    if (array.is_array() && array.has_elements())
        current(BlockKind::reasoning, from, out).details.add(array);
}

BlockTracker::CallKey BlockTracker::begin_call(chat::Events& out) {
    Block block;
    block.kind = BlockKind::tool_call;
    block.key = next_key_++;
    push(std::move(block), out);
    return next_key_ - 1;
}

void BlockTracker::call_id(CallKey key, Text id) {
    if (Block* block = find(key); block && !block->opened && block->id.empty())
        block->id = id.escaped();
}

void BlockTracker::call_name(CallKey key, Text piece) {
    Block* block = find(key);
    if (block && !block->opened && block->name != piece.escaped()) block->name += piece.escaped();
}

bool BlockTracker::call_complete(CallKey key) const {
    const Block* block = find(key);
    return !block || block->progress.complete();
}

void BlockTracker::call_arguments(CallKey key, Text text, chat::Events& out) {
    Block* block = find(key);
    if (!block || text.empty()) return;
    block->progress.feed(text.decode());
    piece(*block, DeltaKind::arguments, text, out);
    advance(out);
}

void BlockTracker::web_search(const chat::WebSearch& search, chat::Events& out) {
    Block block;
    block.kind = BlockKind::web_search;
    block.search.id = search.id.kept(arena_);
    block.search.query = search.query.kept(arena_);
    for (const chat::SearchHit& hit : search.hits)
        block.search.hits.push_back({hit.url.kept(arena_), hit.title.kept(arena_)});
    push(std::move(block), out);
}

void BlockTracker::opaque(const chat::Opaque& opaque, chat::Events& out) {
    Block block;
    block.kind = BlockKind::opaque;
    block.opaque = {opaque.from, opaque.type.kept(arena_), arena_.keep(opaque.raw),
                    opaque.stand_in.kept(arena_)};
    push(std::move(block), out);
}

void BlockTracker::end_call(CallKey key, chat::Events& out) {
    if (Block* block = find(key)) block->ended = true;
    advance(out);
}

void BlockTracker::end_block() {
    if (!blocks_.empty() && blocks_.back().kind != BlockKind::tool_call)
        blocks_.back().ended = true;
}

void BlockTracker::finish(chat::Events& out) {
    while (!blocks_.empty()) close_front(out);
}

}  // namespace ccr::wire
