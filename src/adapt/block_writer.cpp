#include "adapt/block_writer.h"

#include "base/ids.h"

namespace ccr::adapt {

using json::Text;

void BlockWriter::piece(Open wanted, std::string_view plain, chat::Events& out, Arena& arena) {
    if (plain.empty()) return;
    const bool is_text = wanted == Open::text;
    if (open_ != wanted) {
        close(out);
        chat::Opened opened;
        opened.kind = is_text ? chat::BlockKind::text : chat::BlockKind::reasoning;
        opened.from.protocol = Protocol::openai_chat;
        out.emplace_back(opened);
        open_ = wanted;
    }
    chat::Delta delta;
    delta.kind = is_text ? chat::DeltaKind::text : chat::DeltaKind::reasoning;
    delta.text = Text::from_plain(arena.keep(plain), arena);
    out.emplace_back(delta);
}

void BlockWriter::text(std::string_view plain, chat::Events& out, Arena& arena) {
    piece(Open::text, plain, out, arena);
}

void BlockWriter::reasoning(std::string_view plain, chat::Events& out, Arena& arena) {
    piece(Open::reasoning, plain, out, arena);
}

void BlockWriter::call(std::string_view name, std::string_view arguments, chat::Events& out,
                       Arena& arena) {
    close(out);
    chat::Opened opened;
    opened.kind = chat::BlockKind::tool_call;
    opened.id = Text::from_plain(arena.keep(new_id("call_")), arena);
    opened.name = Text::from_plain(arena.keep(name), arena);
    out.emplace_back(opened);
    chat::Delta delta;
    delta.kind = chat::DeltaKind::arguments;
    delta.text = Text::from_plain(arena.keep(arguments), arena);
    out.emplace_back(delta);
    out.emplace_back(chat::Closed{});
}

void BlockWriter::close(chat::Events& out) {
    if (open_ != Open::nothing) out.emplace_back(chat::Closed{});
    open_ = Open::nothing;
}

}  // namespace ccr::adapt
