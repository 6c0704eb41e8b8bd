#include "chat/grammar.h"

namespace ccr::chat {
namespace {

bool fits(BlockKind block, DeltaKind delta) {
    switch (delta) {
        case DeltaKind::text:
            return block == BlockKind::text;
        case DeltaKind::reasoning:
        case DeltaKind::seal:
        case DeltaKind::details:
            return block == BlockKind::reasoning;
        case DeltaKind::arguments:
            return block == BlockKind::tool_call;
        case DeltaKind::opaque:
            return block == BlockKind::opaque || block == BlockKind::text;
    }
    return false;
}

}  // namespace

std::string GrammarGuard::check_delta(const Delta& delta) const {
    if (state_ != State::open) return "a delta outside a block";
    return fits(open_, delta.kind) ? "" : "a delta of another kind than its block";
}

std::string GrammarGuard::check(const StreamEvent& event) {
    if (state_ == State::ended) return "an event after the end";
    if (std::holds_alternative<Failed>(event)) return state_ = State::ended, "";
    if (std::holds_alternative<Started>(event)) {
        if (state_ != State::fresh) return "a second start";
        return state_ = State::between, "";
    }
    if (state_ == State::fresh) return "an event before the start";
    if (const auto* opened = std::get_if<Opened>(&event)) {
        if (state_ == State::open) return "a block inside a block";
        open_ = opened->kind;
        return state_ = State::open, "";
    }
    if (const auto* delta = std::get_if<Delta>(&event)) return check_delta(*delta);
    if (std::holds_alternative<Closed>(event)) {
        if (state_ != State::open) return "a close without an open block";
        return state_ = State::between, "";
    }
    if (std::holds_alternative<Finished>(event)) {
        if (state_ == State::open) return "an end inside a block";
        return state_ = State::ended, "";
    }
    return "";
}

}  // namespace ccr::chat
