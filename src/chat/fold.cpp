#include "chat/fold.h"

#include "json/document.h"
#include "json/writer.h"

namespace ccr::chat {
namespace {

// A reply's arguments are a JSON object whatever the model wrote: what is none travels inside one,
// under the name by which requests' decoders know it too.
std::string_view object_of(Text text, Arena& arena) {
    const std::string_view arguments = text.plain(arena);
    if (arguments.find_first_not_of(" \t\r\n") == std::string_view::npos || arguments == "null")
        return "{}";
    json::Document document;
    const auto root = document.parse(arguments);
    if (root && root->is_object()) return root->raw();
    std::string wrapped;
    json::Writer(wrapped).open_object().member("arguments", text).close_object();
    return arena.keep(wrapped);
}

Part finished_block(const Opened& open, Text text, Text seal, std::string_view details,
                    Arena& arena) {
    Part part;
    switch (open.kind) {
        case BlockKind::text:
            part.body = Prose{text};
            break;
        case BlockKind::reasoning:
            part.body = Reasoning{text, seal, open.redacted, open.from, details};
            break;
        case BlockKind::tool_call:
            part.body = ToolCall{open.id, open.name, object_of(text, arena)};
            break;
        case BlockKind::web_search:
            part.body = open.search;
            break;
        case BlockKind::opaque:
            part.body = open.opaque;
            break;
    }
    return part;
}

void text_events(Events& events, BlockKind kind, DeltaKind delta, Text text) {
    Opened opened;
    opened.kind = kind;
    events.emplace_back(opened);
    if (!text.empty()) events.emplace_back(Delta{delta, text, {}});
    events.emplace_back(Closed{});
}

void unfold_part(const Prose& prose, Events& events, Arena&) {
    text_events(events, BlockKind::text, DeltaKind::text, prose.text);
}

void unfold_part(const Reasoning& reasoning, Events& events, Arena&) {
    Opened opened;
    opened.kind = BlockKind::reasoning;
    opened.redacted = reasoning.redacted;
    opened.from = reasoning.from;
    events.emplace_back(opened);
    if (!reasoning.text.empty())
        events.emplace_back(Delta{DeltaKind::reasoning, reasoning.text, {}});
    if (!reasoning.details.empty())
        events.emplace_back(Delta{DeltaKind::details, {}, reasoning.details});
    if (!reasoning.seal.empty()) events.emplace_back(Delta{DeltaKind::seal, reasoning.seal, {}});
    events.emplace_back(Closed{});
}

void unfold_part(const ToolCall& call, Events& events, Arena& arena) {
    Opened opened;
    opened.kind = BlockKind::tool_call;
    opened.id = call.id;
    opened.name = call.name;
    events.emplace_back(opened);
    events.emplace_back(Delta{DeltaKind::arguments, Text::from_plain(call.arguments, arena), {}});
    events.emplace_back(Closed{});
}

void unfold_part(const WebSearch& search, Events& events, Arena&) {
    Opened opened;
    opened.kind = BlockKind::web_search;
    opened.search = search;
    events.emplace_back(opened);
    events.emplace_back(Closed{});
}

void unfold_part(const Opaque& opaque, Events& events, Arena&) {
    Opened opened;
    opened.kind = BlockKind::opaque;
    opened.opaque = opaque;
    events.emplace_back(opened);
    events.emplace_back(Closed{});
}

// Neither occurs in a reply.
void unfold_part(const Media&, Events&, Arena&) {}
void unfold_part(const ToolResult&, Events&, Arena&) {}

}  // namespace

void Usage::merge(const Usage& newer) {
    const auto take = [](std::optional<std::int64_t>& mine,
                         const std::optional<std::int64_t>& theirs) {
        if (theirs) mine = theirs;
    };
    take(input, newer.input);
    take(output, newer.output);
    take(cache_read, newer.cache_read);
    take(cache_write, newer.cache_write);
    take(reasoning, newer.reasoning);
}

void Fold::feed(const StreamEvent& event) {
    std::visit([this](const auto& e) { on(e); }, event);
}

void Fold::on(const Started& started) {
    reply_.id = started.id.kept(reply_.arena);
    reply_.model = started.model.kept(reply_.arena);
    reply_.usage.merge(started.usage);
}

void Fold::on(const Opened& opened) {
    open_ = std::get<Opened>(kept(opened, reply_.arena));
    is_open_ = true;
}

void Fold::on(const Delta& delta) {
    switch (delta.kind) {
        case DeltaKind::seal:
            seal_ = delta.text.escaped();
            break;
        case DeltaKind::details:
            details_ = delta.raw;
            break;
        case DeltaKind::opaque:
            break;  // raw to its own protocol, which a fold has left
        default:
            text_ += delta.text.escaped();
    }
}

void Fold::on(const Closed&) {
    if (!is_open_) return;
    const auto own = [this](const std::string& s) {
        return Text::from_escaped(reply_.arena.keep(s));
    };
    const std::string_view details = reply_.arena.keep(details_);
    reply_.parts.push_back(finished_block(open_, own(text_), own(seal_), details, reply_.arena));
    text_.clear();
    seal_.clear();
    details_.clear();
    is_open_ = false;
}

void Fold::on(const UsageReport& report) {
    reply_.usage.merge(report.usage);
}

void Fold::on(const Finished& finished) {
    reply_.stop = finished.reason;
    reply_.stop_sequence = finished.stop_sequence.kept(reply_.arena);
    finished_ = true;
}

void Fold::on(const Failed& failed) {
    failed_ = failed.error;
}

Reply Fold::take() {
    return std::move(reply_);
}

Events unfold(Reply& reply) {
    Events events;
    events.emplace_back(Started{reply.id, reply.model, reply.usage});
    for (const Part& part : reply.parts) {
        std::visit([&](const auto& body) { unfold_part(body, events, reply.arena); }, part.body);
    }
    events.emplace_back(UsageReport{reply.usage});
    events.emplace_back(Finished{reply.stop, reply.stop_sequence});
    return events;
}

}  // namespace ccr::chat
