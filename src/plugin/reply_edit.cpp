// Whole answers. Their content is one text for scripts, as in every Chat answer.
#include <algorithm>

#include "chat/fold.h"
#include "plugin/meaning.h"
#include "plugin/message_edit.h"
#include "plugin/openai_edit.h"
#include "wire/codec.h"
#include "wire/openai_chat/answer_parts.h"

namespace ccr::plugin {
namespace {

using chat::Part;
using chat::Reply;
using json::Text;
using json::View;
using json::Writer;

template <typename T>
std::vector<std::size_t> places_of(const std::vector<Part>& parts) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].as<T>()) out.push_back(i);
    }
    return out;
}

template <typename T>
std::vector<Part> parts_of(const std::vector<Part>& parts) {
    std::vector<Part> out;
    for (const std::size_t place : places_of<T>(parts)) out.push_back(parts[place]);
    return out;
}

void write_content(Writer& w, const Reply& reply) {
    const auto places = places_of<chat::Prose>(reply.parts);
    w.key("content");
    if (places.empty()) {
        w.null();
        return;
    }
    w.quote_open();
    for (const std::size_t place : places) w.piece(reply.parts[place].as<chat::Prose>()->text);
    w.quote_close();
}

void write_thoughts(Writer& w, const Reply& reply) {
    std::string text;
    Text seal;
    bool any = false;
    for (const std::size_t place : places_of<chat::Reasoning>(reply.parts)) {
        const auto& reasoning = *reply.parts[place].as<chat::Reasoning>();
        if (!is_shown(reasoning)) continue;
        any = true;
        text += reasoning.text.escaped();
        if (!reasoning.seal.empty()) seal = reasoning.seal;
    }
    if (!any) return;
    w.key("thinking");
    write_thinking(w, Text::from_escaped(text), seal);
}

void write_message(Writer& w, const Reply& reply) {
    w.open_object().member("role", "assistant");
    write_content(w, reply);
    write_thoughts(w, reply);
    if (const auto calls = places_of<chat::ToolCall>(reply.parts); !calls.empty()) {
        w.key("tool_calls").open_array();
        for (const std::size_t place : calls)
            write_call(w, *reply.parts[place].as<chat::ToolCall>());
        w.close_array();
    }
    if (const auto searches = places_of<chat::WebSearch>(reply.parts); !searches.empty()) {
        w.key("annotations").open_array();
        for (const std::size_t place : searches)
            wire::openai_chat::write_citations(w, *reply.parts[place].as<chat::WebSearch>());
        w.close_array();
    }
    w.close_object();
}

/// One answer before and after the scripts.
class ReplyEdit {
  public:
    ReplyEdit(Reply before, Reply decoded, View shown, View after)
        : before_(std::move(before)), decoded_(std::move(decoded)), shown_(shown), after_(after) {}

    Reply run() {
        Reply out;
        const View was = message(shown_), is = message(after_);
        group<chat::Reasoning>(meaning_of_reasoning(was) == meaning_of_reasoning(is));
        group<chat::Prose>(same(was, is, "content"));
        edit_calls(before_.parts, places_of<chat::ToolCall>(before_.parts), was["tool_calls"],
                   is["tool_calls"], parts_of<chat::ToolCall>(decoded_.parts), parts_);
        group<chat::WebSearch>(same(was, is, "annotations"));
        for (const std::size_t place : places_of<chat::Opaque>(before_.parts))
            parts_.push_back({place, before_.parts[place]});
        std::ranges::stable_sort(parts_, {}, &PlacedPart::place);
        for (PlacedPart& placed : parts_) out.parts.push_back(std::move(placed.part));
        settle(out);
        return out;
    }

  private:
    static View message(View answer) { return choice(answer)["message"]; }
    static View choice(View answer) {
        for (const View first : answer["choices"].elements()) return first;
        return {};
    }
    static bool same(View was, View is, std::string_view name) {
        return meaning_of(was[name]) == meaning_of(is[name]);
    }

    template <typename T>
    void group(bool is_same) {
        const auto places = places_of<T>(before_.parts);
        if (is_same) {
            for (const std::size_t place : places) parts_.push_back({place, before_.parts[place]});
            return;
        }
        const std::size_t last = parts_.empty() ? 0 : parts_.back().place;
        const std::size_t place = places.empty() ? last : places.front();
        for (Part& part : parts_of<T>(decoded_.parts)) parts_.push_back({place, std::move(part)});
    }

    void settle(Reply& out) {
        const bool same_stop = same(choice(shown_), choice(after_), "finish_reason");
        const Reply& ending = same_stop ? before_ : decoded_;
        out.stop = ending.stop;
        out.stop_sequence = ending.stop_sequence;
        out.usage = same(shown_, after_, "usage") ? before_.usage : decoded_.usage;
        out.id = same(shown_, after_, "id") ? before_.id : decoded_.id;
        out.model = same(shown_, after_, "model") ? before_.model : decoded_.model;
        own(out);
    }

    // The parts view both replies' arenas.
    void own(Reply& out) {
        chat::Events events;
        for (const chat::StreamEvent& event : chat::unfold(out))
            events.push_back(chat::kept(event, out.arena));
        chat::Fold fold;
        for (const chat::StreamEvent& event : events) fold.feed(event);
        out = fold.take();
    }

    Reply before_, decoded_;
    View shown_, after_;
    PlacedParts parts_;
};

}  // namespace

std::string view_of(const Reply& reply, std::string_view id, std::string_view model) {
    std::string out;
    Writer w(out);
    w.open_object();
    wire::openai_chat::write_head(w, "chat.completion", {reply.id, id, reply.model, model});
    w.key("choices").open_array().open_object().member("index", std::int64_t{0}).key("message");
    write_message(w, reply);
    w.member("finish_reason", wire::openai_chat::client_finish_reason(reply.stop));
    w.close_object().close_array().key("usage");
    wire::openai_chat::write_usage(w, reply.usage, 0);
    w.close_object();
    return out;
}

Result<Reply> edited_reply(Reply before, std::string_view view, std::string_view after,
                           std::string_view provider, std::string_view model) {
    const wire::Target target{provider, model, {}, {}, false};
    json::Document shown_document, after_document;
    TRY(const View shown, shown_document.parse(view));
    const auto is = after_document.parse(after);
    if (is && meaning_of(shown) == meaning_of(*is)) return before;
    TRY(Reply decoded, wire::codec_of(Protocol::openai_chat)->decode_reply(after, target));
    return ReplyEdit(std::move(before), std::move(decoded), shown, *is).run();
}

}  // namespace ccr::plugin
