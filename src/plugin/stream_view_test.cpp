// The laws of the lens for answers, streamed and whole, over the streams written by hand and random
// ones of every protocol.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "chat/fold.h"
#include "chat/grammar.h"
#include "chat/random_chat_fixture.h"
#include "plugin/openai_edit.h"
#include "plugin/stream_view.h"
#include "wire/client_requests_fixture.h"
#include "wire/random_stream_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::plugin {
namespace {

using Model = nlohmann::ordered_json;
using wire::kProtocols;

struct Sample {
    std::string name;
    Protocol protocol;
    std::string bytes;
};

std::vector<Sample> samples() {
    std::vector<Sample> out;
    for (const Protocol protocol : kProtocols) {
        for (const auto& path : wire::written_streams(wire::short_name(protocol)))
            out.push_back({wire::stem_of(path), protocol, wire::read_file(path)});
    }
    EXPECT_GT(out.size(), 50u);
    json::Random r(3);
    for (int i = 0; i < 120; ++i) {
        const Protocol protocol = r.pick(kProtocols);
        out.push_back({fmt::format("random {}", i), protocol, wire::random_stream(protocol, r)});
    }
    return out;
}

/// What clients of each protocol and a folded reply get of events, and whether they obey.
class Ears {
  public:
    Ears() {
        for (const Protocol protocol : kProtocols)
            encoders_.push_back(wire::codec_of(protocol)->open_encoder(context_));
    }
    void hear(const chat::Events& events) {
        for (const chat::StreamEvent& event : events) {
            if (complaint.empty()) complaint = guard_.check(event);
            if (std::holds_alternative<chat::Ping>(event)) continue;
            fold_.feed(event);
            for (std::size_t i = 0; i < encoders_.size(); ++i) encoders_[i]->feed(event, texts_[i]);
        }
    }
    bool ended() const { return guard_.ended(); }
    std::string all() const {
        std::string out;
        for (const std::string& text : texts_) out += wire::without_volatile(text);
        return out;
    }
    chat::Reply reply() { return fold_.take(); }
    bool failed() const { return fold_.failure() != nullptr; }
    std::string complaint;

  private:
    wire::AnswerContext context_{"req_1", 0, "m", true, nullptr};
    chat::GrammarGuard guard_;
    chat::Fold fold_;
    std::vector<std::unique_ptr<wire::StreamEncoder>> encoders_;
    std::array<std::string, 4> texts_;
};

using Script = std::function<std::string(std::string data)>;  // a message to bytes of messages

struct Heard {
    Ears plain, scripted;
    std::string returned;  // by the script
};

/// A provider's stream as it comes, and through a script.
void listen(const Sample& sample, const Script& script, Heard& out) {
    const wire::Target target = wire::test_target(sample.protocol);
    const auto decoder = wire::codec_of(sample.protocol)->open_decoder(target);
    const auto view = std::make_shared<StreamView>("req_1", "m");
    const auto back = open_decoder(view, target);
    net::SseParser from_provider, to_script, from_script;
    chat::Events events;
    const auto on_returned = [&](const net::SseMessage& message) {
        chat::Events got;
        back->feed(message, got);
        out.scripted.hear(got);
    };
    const auto on_shown = [&](const net::SseMessage& message) {
        const std::string bytes = script(std::string(message.data));
        out.returned += bytes;
        from_script.feed(bytes, on_returned);
    };
    const auto pass = [&] {
        out.plain.hear(events);
        std::string shown;
        for (const chat::StreamEvent& event : events) view->show(event, shown);
        events.clear();
        to_script.feed(shown, on_shown);
    };
    const auto on_provider = [&](const net::SseMessage& message) {
        decoder->feed(message, events);
        pass();
    };
    from_provider.feed(sample.bytes, on_provider);
    from_provider.finish(on_provider);
    decoder->finish(events);
    pass();
    to_script.finish(on_shown);
    from_script.finish(on_returned);
    back->finish(events);
    out.scripted.hear(events);
}

std::string through_javascript(const std::string& data) {
    if (data == "[DONE]") return "data: [DONE]\n\n";
    return "data: " + Model::parse(data).dump() + "\n\n";
}

TEST(StreamLens, WhatIsNotTouchedIsNotChanged) {
    for (const Sample& sample : samples()) {
        Heard heard;
        listen(sample, through_javascript, heard);
        ASSERT_EQ(heard.scripted.complaint, "") << sample.name;
        ASSERT_EQ(heard.scripted.all(), heard.plain.all()) << sample.name;
    }
}

/// What an answer says, in kinds: as scripts tell it in chunks, and as it is heard.
struct Said {
    std::string text, thinking;
    std::vector<std::string> calls, searches, redacted;  // a call: id, name, arguments
};

// A reply holds arguments that are no JSON as an object's member.
std::string call_of(const std::string& id, const std::string& name, const std::string& arguments) {
    Model object = Model::object();
    if (Model::accept(arguments))
        object = Model::parse(arguments);
    else if (!arguments.empty())
        object["arguments"] = arguments;
    return id + " " + name + " " + object.dump();
}

Said heard_in(const chat::Reply& reply) {
    Said out;
    for (const chat::Part& part : reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.text += prose->text.decode();
        if (const auto* call = part.as<chat::ToolCall>())
            out.calls.push_back(
                call_of(call->id.decode(), call->name.decode(), std::string(call->arguments)));
        if (const auto* search = part.as<chat::WebSearch>())
            out.searches.push_back(chat::DescribePart{}(*search));
        const auto* reasoning = part.as<chat::Reasoning>();
        if (!reasoning) continue;
        out.thinking += reasoning->text.decode();
        if (reasoning->redacted) out.redacted.push_back(reasoning->seal.decode());
    }
    return out;
}

/// The calls, texts and thoughts of a script's messages.
Said told_in(const std::string& bytes) {
    struct Call {
        std::string id, name, arguments;
    };
    Said out;
    std::vector<Call> calls;
    net::SseParser().feed(bytes, [&](const net::SseMessage& message) {
        if (message.data == "[DONE]") return;
        const Model chunk = Model::parse(message.data);
        for (const Model& choice : chunk["choices"]) {
            const Model& delta = choice["delta"];
            if (delta.contains("content")) out.text += delta["content"].get<std::string>();
            if (delta.contains("thinking"))
                out.thinking += delta["thinking"].value("content", std::string());
            for (const Model& call : delta.value("tool_calls", Model::array())) {
                const Model& function = call["function"];
                if (function.contains("name")) calls.push_back({call["id"], function["name"], {}});
                calls.back().arguments += function.value("arguments", std::string());
            }
        }
    });
    for (const Call& call : calls) out.calls.push_back(call_of(call.id, call.name, call.arguments));
    return out;
}

void edit_call(Model& call, json::Random& r) {
    Model& function = call["function"];
    if (function.contains("name")) {
        if (r.chance(0.4)) function["name"] = "re_" + function["name"].get<std::string>();
        if (r.chance(0.2)) call["id"] = "re_" + call["id"].get<std::string>();
    } else if (r.chance(0.3)) {
        call["type"] = "function";
    }
}

/// What a script may do to a message; "" takes it out.
std::string edit_somehow(const std::string& data, json::Random& r) {
    if (data == "[DONE]") return through_javascript(data);
    Model chunk = Model::parse(data);
    if (!chunk.contains("choices") || chunk["choices"].empty()) return through_javascript(data);
    Model& delta = chunk["choices"][0]["delta"];
    if (delta.contains("tool_calls")) edit_call(delta["tool_calls"][0], r);
    const bool thinks = delta.contains("thinking");
    const bool says = delta.contains("content");
    if ((says || thinks) && r.chance(0.3)) return {};
    if (says && r.chance(0.3)) delta["content"] = fmt::format("<{}>", r.below(100));
    if (thinks && delta["thinking"].contains("content") && r.chance(0.3))
        delta["thinking"]["content"] = fmt::format("<{}>", r.below(100));
    std::string out = "data: " + chunk.dump() + "\n\n";
    if (says && r.chance(0.1)) out += out;
    if (says && r.chance(0.1)) {
        Model added = {{"choices", {{{"index", 0}, {"delta", {{"content", "(added)"}}}}}}};
        out += "data: " + added.dump() + "\n\n";
    }
    return out;
}

// Whatever a script leaves out, edits, doubles or adds: the grammar holds, and what is said is what
// is told; searches and hidden thoughts, which it left alone, are the provider's.
TEST(StreamLens, WhatIsEditedIsThereAndInOrder) {
    json::Random r(5);
    const auto edit = [&r](const std::string& data) { return edit_somehow(data, r); };
    for (const Sample& sample : samples()) {
        Heard heard;
        listen(sample, edit, heard);
        ASSERT_EQ(heard.scripted.complaint, "") << sample.name << "\n" << heard.returned;
        ASSERT_TRUE(heard.scripted.ended()) << sample.name;
        ASSERT_EQ(heard.scripted.failed(), heard.plain.failed()) << sample.name;
        if (heard.plain.failed()) continue;
        const chat::Reply plain_reply = heard.plain.reply(), reply = heard.scripted.reply();
        const Said plain = heard_in(plain_reply), got = heard_in(reply);
        const Said wanted = told_in(heard.returned);
        ASSERT_EQ(got.text, wanted.text) << sample.name << "\n" << heard.returned;
        ASSERT_EQ(got.thinking, wanted.thinking) << sample.name << "\n" << heard.returned;
        ASSERT_EQ(got.calls, wanted.calls) << sample.name << "\n" << heard.returned;
        ASSERT_EQ(got.searches, plain.searches) << sample.name << "\n" << heard.returned;
        ASSERT_EQ(got.redacted, plain.redacted) << sample.name << "\n" << heard.returned;
    }
}

// A stream of 1 KB texts, shown to a script that gives back every `every`th chunk (0: none).
std::size_t shown_until_full(StreamView& view, int every, int most) {
    const std::string kilobyte(1024, 'x');
    std::string shown;
    view.show(chat::Started{}, shown);
    for (int i = 1; i <= most && !view.is_full(); ++i) {
        shown.clear();
        const json::Text text = json::Text::from_escaped(kilobyte);
        view.show(chat::Delta{chat::DeltaKind::text, text, {}}, shown);
        view.show(chat::Delta{chat::DeltaKind::opaque, text, {}}, shown);  // it shows nothing of it
        std::deque<StreamView::Shown> passed_by;
        if (every > 0 && i % every == 0) {
            EXPECT_TRUE(view.take(i, passed_by));
        }
    }
    return shown.size();
}

TEST(StreamLens, WhatAScriptKeepsBackIsBounded) {
    constexpr int kMuch = 100'000;  // three times 1 KB each
    StreamView hoarded("req_1", "m", "mine");
    shown_until_full(hoarded, 0, kMuch);
    ASSERT_TRUE(hoarded.is_full());
    EXPECT_THAT(hoarded.failure()->message,
                testing::AllOf(testing::HasSubstr("plugin mine, transformResponseOut"),
                               testing::HasSubstr("64 MB"), testing::HasSubstr("pass chunks on")));
    std::string more;
    hoarded.show(chat::Ping{}, more);
    hoarded.show(chat::Finished{}, more);
    EXPECT_EQ(more, "");
    StreamView passed("req_1", "m", "mine");
    shown_until_full(passed, 1000, kMuch);
    EXPECT_FALSE(passed.is_full());
}

TEST(ReplyLens, WhatIsNotTouchedIsNotChangedAndWhatIsEditedIsThere) {
    json::Random r(9);
    for (int i = 0; i < 120; ++i) {
        chat::Reply reply = chat::random_reply(r);
        const std::string before = chat::describe(reply);
        const std::string view = view_of(reply, "req_1", "m");
        auto same = edited_reply(std::move(reply), view, Model::parse(view).dump(), "acme", "m");
        ASSERT_TRUE(same) << same.error().message;
        ASSERT_EQ(chat::describe(*same), before);
        Model after = Model::parse(view);
        after["choices"][0]["message"]["content"] = "edited";
        std::vector<std::string> others;
        for (const chat::Part& part : same->parts)
            if (!part.as<chat::Prose>())
                others.push_back(std::visit(chat::DescribePart{}, part.body));
        auto out = edited_reply(std::move(*same), view, after.dump(), "acme", "m");
        ASSERT_TRUE(out) << out.error().message;
        // All but its prose is as it was, in order.
        std::vector<std::string> kept;
        for (const chat::Part& part : out->parts) {
            if (const auto* prose = part.as<chat::Prose>())
                EXPECT_EQ(prose->text.decode(), "edited");
            else
                kept.push_back(std::visit(chat::DescribePart{}, part.body));
        }
        ASSERT_EQ(kept, others) << view;
    }
}

}  // namespace
}  // namespace ccr::plugin
