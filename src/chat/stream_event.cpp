#include "chat/stream_event.h"

namespace ccr::chat {
namespace {

bool content(const Opened& opened) {
    return opened.kind == BlockKind::tool_call || opened.kind == BlockKind::web_search ||
           opened.kind == BlockKind::opaque;
}
bool content(const Delta& delta) {
    return !delta.text.empty() || !delta.raw.empty();
}
bool content(const Finished& finished) {
    return finished.reason == StopReason::refusal;
}
template <typename T>
bool content(const T&) {
    return false;
}

void keep(Text& text, Arena& arena) {
    text = text.kept(arena);
}

void keep(Started& started, Arena& arena) {
    keep(started.id, arena);
    keep(started.model, arena);
}
void keep(Opened& opened, Arena& arena) {
    keep(opened.id, arena);
    keep(opened.name, arena);
    keep(opened.search.id, arena);
    keep(opened.search.query, arena);
    for (SearchHit& hit : opened.search.hits) {
        keep(hit.url, arena);
        keep(hit.title, arena);
    }
    keep(opened.from.provider, arena);
    keep(opened.from.field, arena);
    keep(opened.opaque.type, arena);
    keep(opened.opaque.stand_in, arena);
    opened.opaque.raw = arena.keep(opened.opaque.raw);
}
void keep(Delta& delta, Arena& arena) {
    keep(delta.text, arena);
    delta.raw = arena.keep(delta.raw);
}
void keep(Finished& finished, Arena& arena) {
    keep(finished.stop_sequence, arena);
}
template <typename T>
void keep(T&, Arena&) {}

}  // namespace

bool bears_content(const StreamEvent& event) {
    return std::visit([](const auto& e) { return content(e); }, event);
}

StreamEvent kept(const StreamEvent& event, Arena& arena) {
    StreamEvent copy = event;
    std::visit([&arena](auto& e) { keep(e, arena); }, copy);
    return copy;
}

}  // namespace ccr::chat
