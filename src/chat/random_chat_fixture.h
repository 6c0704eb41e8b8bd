// Random replies for tests. Header only; the same from the same seed.
#pragma once

#include "chat/reply.h"
#include "json/random_json_fixture.h"

namespace ccr::chat {

inline Text random_text(json::Random& r, Arena& arena, bool may_be_empty) {
    std::string escaped = json::random_escaped(r, 12);
    if (escaped.empty() && !may_be_empty) escaped = "x";
    return Text::from_escaped(arena.keep(escaped));
}

inline std::string_view random_object(json::Random& r, Arena& arena) {
    return arena.keep(json::random_container(r, 2, true));
}

/// Reasoning of Anthropic's own or of a chat provider, with or without seal and details.
inline Reasoning random_reasoning(json::Random& r, Arena& arena) {
    Reasoning out;
    if (r.chance(0.2)) {
        out.redacted = true;
        out.seal = Text::literal("encrypted");
        return out;
    }
    out.text = random_text(r, arena, true);
    if (r.chance(0.5)) {
        out.seal = random_text(r, arena, false);
        return out;
    }
    out.from = {Protocol::openai_chat, Text::literal("acme"), Text::literal("reasoning_content")};
    if (r.chance(0.5)) out.details = arena.keep("[" + json::random_container(r, 1, true) + "]");
    return out;
}

inline Part random_reply_part(json::Random& r, Arena& arena, int number) {
    Part part;
    const auto id = [&](std::string_view prefix) {
        return Text::from_escaped(arena.keep(fmt::format("{}{}", prefix, number)));
    };
    switch (r.below(5)) {
        case 0:
            part.body = random_reasoning(r, arena);
            break;
        case 1:
            part.body = ToolCall{id("call_"), id("tool"), random_object(r, arena)};
            break;
        case 2: {
            WebSearch search{id("srvtoolu_"), random_text(r, arena, true), {}};
            for (std::size_t hits = r.below(3); hits > 0; --hits)
                search.hits.push_back({id("https://e.org/"), random_text(r, arena, true)});
            part.body = search;
            break;
        }
        default:
            part.body = Prose{random_text(r, arena, true)};
    }
    return part;
}

inline Reply random_reply(json::Random& r) {
    Reply reply;
    reply.id = Text::literal("msg_1");
    reply.model = random_text(r, reply.arena, false);
    const int parts = static_cast<int>(r.below(6));
    for (int i = 0; i < parts; ++i) reply.parts.push_back(random_reply_part(r, reply.arena, i));
    reply.stop = static_cast<StopReason>(r.below(7));
    if (reply.stop == StopReason::stop_sequence)
        reply.stop_sequence = random_text(r, reply.arena, false);
    if (r.chance(0.8)) reply.usage.input = static_cast<std::int64_t>(r.below(1000));
    if (r.chance(0.8)) reply.usage.output = static_cast<std::int64_t>(r.below(1000));
    if (r.chance(0.3)) reply.usage.cache_read = static_cast<std::int64_t>(r.below(1000));
    return reply;
}

// One line for each part, so that a failed comparison shows what differs.
struct DescribePart {
    std::string operator()(const Prose& p) const { return "prose " + p.text.decode(); }
    std::string operator()(const Media& m) const {
        return fmt::format("media {} {}", m.media_type.decode(), m.data.decode());
    }
    std::string operator()(const ToolCall& c) const {
        return fmt::format("call {} {} {}", c.id.decode(), c.name.decode(), c.arguments);
    }
    std::string operator()(const ToolResult& t) const { return "result " + t.call_id.decode(); }
    std::string operator()(const Reasoning& t) const {
        return fmt::format("reasoning {} {} {} | {} | {} {} {}", t.redacted,
                           name_of(t.from.protocol), t.from.provider.decode(),
                           t.from.field.decode(), t.text.decode(), t.seal.decode(), t.details);
    }
    std::string operator()(const WebSearch& s) const {
        std::string out = fmt::format("search {} {}", s.id.decode(), s.query.decode());
        for (const SearchHit& hit : s.hits)
            out += fmt::format(" [{} {}]", hit.url.decode(), hit.title.decode());
        return out;
    }
    std::string operator()(const Opaque& o) const {
        return fmt::format("opaque {} {}", o.type.decode(), o.raw);
    }
};

inline std::string describe(const Usage& u) {
    const auto shown = [](const std::optional<std::int64_t>& n) {
        return n ? std::to_string(*n) : "-";
    };
    return fmt::format("{} {} {} {} {}", shown(u.input), shown(u.output), shown(u.cache_read),
                       shown(u.cache_write), shown(u.reasoning));
}

inline std::string describe(const Reply& reply) {
    std::string out = fmt::format("{} {} stop {} '{}' usage {}\n", reply.id.decode(),
                                  reply.model.decode(), static_cast<int>(reply.stop),
                                  reply.stop_sequence.decode(), describe(reply.usage));
    for (const Part& part : reply.parts) out += std::visit(DescribePart{}, part.body) + "\n";
    return out;
}

}  // namespace ccr::chat
