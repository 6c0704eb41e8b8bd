#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "chat/fold.h"
#include "chat/grammar.h"
#include "wire/openai_chat/client_side.h"

namespace ccr::wire::openai_chat {
namespace {

using namespace chat;
using json::View;

Text text(const char* escaped) {
    return Text::from_escaped(escaped);
}

AnswerContext context(bool usage = true) {
    return {"req_1", 11, "asked-model", usage};
}

// What a client gathers from a stream.
struct Gathered {
    std::string content, reasoning, finish, error, model, id;
    std::vector<std::pair<std::string, std::string>> calls;  // id/name, arguments
    std::vector<std::string> details;
    std::int64_t prompt_tokens = -1, chunks = 0, pings = 0;
    std::vector<std::string> citations;
    bool done = false, after_done = false;
};

void gather_delta(View delta, Gathered& out) {
    delta["content"].text().decode_to(out.content);
    delta["reasoning_content"].text().decode_to(out.reasoning);
    for (const View detail : delta["reasoning_details"].elements())
        out.details.emplace_back(detail.raw());
    for (const View note : delta["annotations"].elements())
        out.citations.push_back(note["url_citation"]["url"].text().decode());
    for (const View call : delta["tool_calls"].elements()) {
        const auto index = static_cast<std::size_t>(*call["index"].integer());
        if (index == out.calls.size())
            out.calls.emplace_back(
                call["id"].text().decode() + "/" + call["function"]["name"].text().decode(), "");
        call["function"]["arguments"].text().decode_to(out.calls.at(index).second);
    }
}

Gathered gather(const std::string& bytes) {
    Gathered out;
    net::SseParser parser;
    const auto sink = [&](const net::SseMessage& message) {
        out.after_done = out.after_done || out.done;
        if (message.data == "[DONE]") {
            out.done = true;
            return;
        }
        json::Document document;
        const auto root = document.parse(message.data);
        ASSERT_TRUE(root) << message.data;
        out.error += (*root)["error"]["message"].text().decode();
        if ((*root)["error"]) return;
        ++out.chunks;
        EXPECT_TRUE((*root)["object"].text().equals("chat.completion.chunk"));
        out.model = (*root)["model"].text().decode();
        out.id = (*root)["id"].text().decode();
        for (const View choice : (*root)["choices"].elements()) {
            gather_delta(choice["delta"], out);
            out.finish += choice["finish_reason"].text().decode();
        }
        if ((*root)["usage"].is_object())
            out.prompt_tokens = (*root)["usage"]["prompt_tokens"].integer().value_or(-2);
    };
    EXPECT_TRUE(parser.feed(bytes, sink));
    parser.finish(sink);
    for (std::size_t at = 0; (at = bytes.find(": ping\n\n", at)) != std::string::npos; ++at)
        ++out.pings;
    return out;
}

std::string stream(const Events& events, const AnswerContext& c = context()) {
    std::string out;
    const auto encoder = open_encoder(c);
    for (const StreamEvent& event : events) encoder->feed(event, out);
    return out;
}

Opened opened(BlockKind kind) {
    Opened out;
    out.kind = kind;
    return out;
}

Opened call(const char* id, const char* name) {
    Opened out = opened(BlockKind::tool_call);
    out.id = text(id);
    out.name = text(name);
    return out;
}

Usage usage() {
    Usage out;
    out.input = 10;
    out.cache_read = 5;
    out.cache_write = 2;
    out.output = 3;
    return out;
}

TEST(ChatStreamEncode, WritesEveryKindOfBlock) {
    Opened search = opened(BlockKind::web_search);
    search.search.hits = {{text("https://a"), text("A")}};
    const Gathered got = gather(stream({Started{text("id1"), text("m1"), {}},
                                        Ping{},
                                        opened(BlockKind::reasoning),
                                        Delta{DeltaKind::reasoning, text("th\\\"ink"), {}},
                                        Delta{DeltaKind::seal, text("S"), {}},
                                        Closed{},
                                        opened(BlockKind::text),
                                        Delta{DeltaKind::text, text("a\\n"), {}},
                                        Delta{DeltaKind::text, text("b"), {}},
                                        Closed{},
                                        search,
                                        Closed{},
                                        call("c1", "f"),
                                        Delta{DeltaKind::arguments, text("{\\\"x\\\":"), {}},
                                        Delta{DeltaKind::arguments, text("1}"), {}},
                                        Closed{},
                                        call("c2", "g"),
                                        Closed{},
                                        UsageReport{usage()},
                                        Finished{StopReason::tool_use, {}}}));
    EXPECT_EQ(got.id, "id1");
    EXPECT_EQ(got.model, "m1");
    EXPECT_EQ(got.reasoning, "th\"ink");
    EXPECT_EQ(got.content, "a\nb");
    EXPECT_EQ(got.citations, std::vector<std::string>{"https://a"});
    ASSERT_EQ(got.calls.size(), 2u);
    EXPECT_EQ(got.calls[0], (std::pair<std::string, std::string>("c1/f", "{\"x\":1}")));
    EXPECT_EQ(got.calls[1], (std::pair<std::string, std::string>("c2/g", "{}")));
    ASSERT_EQ(got.details.size(), 1u);
    EXPECT_EQ(got.details[0],
              R"({"type":"reasoning.text","signature":"S","format":"anthropic-claude-v1"})");
    EXPECT_EQ(got.finish, "tool_calls");
    EXPECT_EQ(got.prompt_tokens, 17);
    EXPECT_EQ(got.pings, 1);
    EXPECT_TRUE(got.done);
    EXPECT_FALSE(got.after_done);
}

TEST(ChatStreamEncode, UsageOnlyWhenAskedFor) {
    const Events events = {Started{}, Finished{}};
    EXPECT_EQ(gather(stream(events, context(false))).prompt_tokens, -1);
    const Gathered with = gather(stream(events));
    EXPECT_EQ(with.prompt_tokens, 11);  // nothing was counted: the estimate
    EXPECT_EQ(with.model, "asked-model");
    EXPECT_EQ(with.id, "chatcmpl-1");
}

TEST(ChatStreamEncode, AFailureIsNoCleanEnd) {
    const Failed failed{make_error(ErrorKind::overloaded, "too \"busy\"")};
    for (const Events& before :
         {Events{}, Events{Started{}}, Events{Started{}, opened(BlockKind::text)}}) {
        Events events = before;
        events.emplace_back(failed);
        events.emplace_back(Finished{});
        const Gathered got = gather(stream(events));
        EXPECT_EQ(got.error, "too \"busy\"");
        EXPECT_FALSE(got.done);
        EXPECT_EQ(got.finish, "");
    }
}

TEST(ChatStreamEncode, ASecondStartIsIgnored) {
    EXPECT_EQ(
        gather(stream({Started{text("a"), {}, {}}, Started{text("b"), {}, {}}, Finished{}})).chunks,
        3);
    EXPECT_EQ(
        gather(stream({Started{text("a"), {}, {}}, Started{text("b"), {}, {}}, Finished{}})).id,
        "a");
}

TEST(ChatStreamEncode, NamesEveryEnd) {
    const std::pair<StopReason, const char*> kTable[] = {{StopReason::end_turn, "stop"},
                                                         {StopReason::stop_sequence, "stop"},
                                                         {StopReason::pause, "stop"},
                                                         {StopReason::max_tokens, "length"},
                                                         {StopReason::context_exceeded, "length"},
                                                         {StopReason::tool_use, "tool_calls"},
                                                         {StopReason::refusal, "content_filter"}};
    for (const auto& [reason, name] : kTable)
        EXPECT_EQ(gather(stream({Started{}, Finished{reason, {}}})).finish, name);
}

// A reply of random parts; `size` texts hold characters that need care.
Reply random_reply(std::mt19937& random) {
    static constexpr const char* kTexts[] = {"",        "a",        "\\\"q\\\"",    "line\\nline",
                                             "\\ud83d", "\xC3\xA9", "data: x\\n\\n"};
    const auto any = [&] { return text(kTexts[random() % std::size(kTexts)]); };
    Reply reply;
    for (unsigned i = random() % 6; i > 0; --i) {
        Part part;
        switch (random() % 4) {
            case 0:
                part.body = Prose{any()};
                break;
            case 1:
                part.body = ToolCall{text("id"), text("name"), R"({"k":"v\n\"w"})"};
                break;
            case 2:
                part.body = Reasoning{any(), random() % 2 ? text("seal") : Text(), false, {}, {}};
                break;
            default: {
                WebSearch search;
                search.hits = {{text("u1"), any()}, {text("u2"), any()}};
                part.body = search;
            }
        }
        reply.parts.push_back(part);
    }
    reply.stop = static_cast<StopReason>(random() % 7);
    reply.usage = usage();
    return reply;
}

// What one client reads from a complete answer, another gathers from the stream of the same reply.
TEST(ChatAnswers, StreamAndCompleteSayTheSame) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        Reply reply = random_reply(random);
        const std::string body = encode_reply(reply, context());
        json::Document document;
        const auto root = document.parse(body);
        ASSERT_TRUE(root) << body;
        const View choice = *(*root)["choices"].elements().begin();
        const View message = choice["message"];
        const Events events = unfold(reply);
        GrammarGuard guard;
        for (const StreamEvent& event : events) ASSERT_EQ(guard.check(event), "");
        const Gathered got = gather(stream(events));
        EXPECT_EQ(got.content, message["content"].text().decode());
        EXPECT_EQ(got.reasoning, message["reasoning_content"].text().decode());
        EXPECT_EQ(got.finish, choice["finish_reason"].text().decode());
        EXPECT_EQ(got.prompt_tokens, (*root)["usage"]["prompt_tokens"].integer());
        EXPECT_EQ(got.calls.size(), message["tool_calls"].size());
        EXPECT_EQ(got.citations.size(), message["annotations"].size());
        EXPECT_EQ(got.details.size(), message["reasoning_details"].size());
        std::size_t i = 0;
        for (const View call : message["tool_calls"].elements()) {
            EXPECT_EQ(got.calls[i++].second, call["function"]["arguments"].text().decode());
        }
        EXPECT_TRUE(got.done);
    }
}

// Reasoning goes out to a client and comes back in its next request with text, seal and origin
// intact.
TEST(ChatAnswers, SealsComeHome) {
    for (const Protocol from : {Protocol::anthropic, Protocol::gemini}) {
        for (const bool streamed : {false, true}) {
            Reply reply;
            Part part;
            Reasoning reasoning{text("why\\n"), text("SEAL"), false, {}, {}};
            reasoning.from.protocol = from;
            part.body = reasoning;
            reply.parts.push_back(part);
            std::string message;
            if (streamed) {
                const Gathered got = gather(stream(unfold(reply)));
                ASSERT_EQ(got.details.size(), 1u);
                message =
                    R"({"role":"assistant","reasoning_content":"why\n","reasoning_details":[)" +
                    got.details[0] + "]}";
            } else {
                const std::string body = encode_reply(reply, context());
                json::Document document;
                const auto root = document.parse(body);
                message = (*(*root)["choices"].elements().begin())["message"].raw();
            }
            const std::string request = R"({"model":"m","messages":[)" + message + "]}";
            json::Document document;
            const auto decoded = decode_request(*document.parse(request), {});
            ASSERT_TRUE(decoded) << decoded.error().message;
            const auto* back = decoded->turns.at(0).parts.at(0).as<Reasoning>();
            ASSERT_TRUE(back);
            EXPECT_EQ(back->text.decode(), "why\n");
            EXPECT_TRUE(back->seal.equals("SEAL"));
            EXPECT_EQ(back->from.protocol, from);
        }
    }
}

TEST(ChatErrors, HaveTheClientsShape) {
    const std::string body =
        encode_error(make_error(ErrorKind::rate_limit, "slow \"down\""), "req_9");
    EXPECT_EQ(
        body,
        R"({"error":{"message":"slow \"down\"","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"},"request_id":"req_9"})");
    EXPECT_EQ(encode_error(make_error(ErrorKind::internal, "x"), ""),
              R"({"error":{"message":"x","type":"server_error","param":null,"code":null}})");
}

}  // namespace
}  // namespace ccr::wire::openai_chat
