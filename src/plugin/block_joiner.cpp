#include "plugin/block_joiner.h"

namespace ccr::plugin {
namespace {

using chat::BlockKind;
using chat::DeltaKind;

BlockKind block_of(DeltaKind kind) {
    switch (kind) {
        case DeltaKind::text:
            return BlockKind::text;
        case DeltaKind::reasoning:
        case DeltaKind::seal:
        case DeltaKind::details:
            return BlockKind::reasoning;
        case DeltaKind::arguments:
            return BlockKind::tool_call;
        case DeltaKind::opaque:
            break;
    }
    return BlockKind::opaque;
}

// A block that is whole as it opens, or whose content no script is shown.
bool is_shown_to_nobody(const chat::Opened& opened) {
    return opened.kind == BlockKind::opaque || opened.kind == BlockKind::web_search ||
           opened.redacted;
}

chat::Opened own(const chat::Opened& opened, Arena& arena) {
    return std::get<chat::Opened>(chat::kept(opened, arena));
}

}  // namespace

void BlockJoiner::close(chat::Events& out) {
    waiting_.reset();
    if (!open_) return;
    open_.reset();
    out.emplace_back(chat::Closed{});
}

void BlockJoiner::open(const chat::Opened& opened, chat::Events& out) {
    close(out);
    open_ = opened.kind;
    if (opened.kind == BlockKind::tool_call) call_ = own(opened, arena_);
    out.emplace_back(opened);
}

void BlockJoiner::on(const chat::Opened& opened, chat::Events& out) {
    // A script may say with every piece whose it is.
    if (open_ == BlockKind::tool_call && opened.kind == BlockKind::tool_call &&
        call_->id == opened.id)
        return;
    open(opened, out);
}

void BlockJoiner::on(const chat::Delta& delta, chat::Events& out) {
    const BlockKind wanted = block_of(delta.kind);
    // Citations are of the text that is open.
    const bool fits =
        open_ == wanted || (delta.kind == DeltaKind::opaque && open_ == BlockKind::text);
    if (!fits) {
        const bool begins_block =
            delta.kind == DeltaKind::text || delta.kind == DeltaKind::reasoning;
        if (waiting_ && waiting_->kind == wanted) {
            const chat::Opened opened = *waiting_;
            open(opened, out);
        } else if (wanted == BlockKind::tool_call && call_) {
            open(*call_, out);
        } else if (begins_block) {
            chat::Opened opened;
            opened.kind = wanted;
            open(opened, out);
        } else {
            return;  // of a block that a script has taken out
        }
    }
    out.emplace_back(delta);
}

void BlockJoiner::take(const chat::StreamEvent& event, chat::Events& out) {
    if (ended_) return;
    const bool starts = std::holds_alternative<chat::Started>(event);
    if (starts && started_) return;
    // A script may have taken the start out.
    if (!started_ && !starts) out.emplace_back(chat::Started{});
    started_ = true;
    if (starts) {
        out.push_back(event);
    } else if (const auto* opened = std::get_if<chat::Opened>(&event)) {
        on(*opened, out);
    } else if (const auto* delta = std::get_if<chat::Delta>(&event)) {
        on(*delta, out);
    } else if (std::holds_alternative<chat::Closed>(event)) {
        close(out);
    } else if (std::holds_alternative<chat::UsageReport>(event) ||
               std::holds_alternative<chat::Ping>(event)) {
        out.push_back(event);
    }
}

void BlockJoiner::take_silent(const chat::StreamEvent& event, chat::Events& out) {
    const auto* opened = std::get_if<chat::Opened>(&event);
    if (!opened || is_shown_to_nobody(*opened)) return take(event, out);
    close(out);
    waiting_ = own(*opened, arena_);
}

void BlockJoiner::end(const chat::StreamEvent& last, chat::Events& out) {
    if (ended_) return;
    if (std::holds_alternative<chat::Finished>(last)) {
        if (!started_) out.emplace_back(chat::Started{});
        close(out);
    }
    ended_ = true;
    out.push_back(last);
}

}  // namespace ccr::plugin
