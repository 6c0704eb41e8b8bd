#include "gateway/continuation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/fold.h"
#include "net/sse.h"

namespace ccr::gateway {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using chat::Text;
using testing::ElementsAre;
using testing::IsEmpty;

chat::StreamEvent opened(BlockKind kind) {
    chat::Opened event;
    event.kind = kind;
    return event;
}

chat::StreamEvent delta(DeltaKind kind, const char* escaped) {
    return chat::Delta{kind, Text::from_escaped(escaped), {}};
}

chat::StreamEvent started(std::int64_t input) {
    chat::Started event;
    event.usage.input = input;
    return event;
}

chat::StreamEvent reported(std::int64_t output) {
    chat::UsageReport event;
    event.usage.output = output;
    return event;
}

// What a client of one protocol has got, read by that protocol's own decoder.
class Client {
  public:
    explicit Client(Protocol protocol)
        : codec_(*wire::codec_of(protocol)),
          encoder_(codec_.open_encoder(wire::AnswerContext{"req_1", 10, "m", true})) {}

    void gets(const chat::StreamEvent& event) { continuation.pass(event, *encoder_, bytes_); }
    chat::Reply reply() {
        const auto decoder = codec_.open_decoder(wire::Target{"p", "m", "", "", true});
        chat::Fold fold;
        chat::Events events;
        net::SseParser parser;
        const auto feed = [&](const net::SseMessage& message) {
            decoder->feed(message, events);
            for (const chat::StreamEvent& event : events) fold.feed(event);
            events.clear();
        };
        EXPECT_TRUE(parser.feed(bytes_, feed));
        decoder->finish(events);
        for (const chat::StreamEvent& event : events) fold.feed(event);
        EXPECT_TRUE(fold.finished());
        EXPECT_FALSE(fold.failure()) << fold.failure()->message;
        return fold.take();
    }

    Continuation continuation;

  private:
    const wire::Codec& codec_;
    std::unique_ptr<wire::StreamEncoder> encoder_;
    std::string bytes_;
};

std::vector<std::string> texts(const chat::Reply& reply) {
    std::vector<std::string> out;
    for (const chat::Part& part : reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.push_back(prose->text.decode());
        if (const auto* thought = part.as<chat::Reasoning>())
            out.push_back("(" + thought->text.decode() + ")");
        if (const auto* call = part.as<chat::ToolCall>())
            out.push_back(call->name.decode() + std::string(call->arguments));
    }
    return out;
}

std::vector<std::string> turns(const chat::Conversation& conversation) {
    std::vector<std::string> out;
    for (const chat::Turn& turn : conversation.turns) {
        std::string text = turn.role == chat::Role::assistant ? "assistant:" : "user:";
        for (const chat::Part& part : turn.parts)
            text += part.as<chat::Prose>()->text.decode() + "|";
        out.push_back(text.substr(0, 40));
    }
    return out;
}

constexpr Protocol kAll[] = {Protocol::anthropic, Protocol::openai_chat, Protocol::openai_responses,
                             Protocol::gemini};

TEST(Continuation, TheTextGoesOnInItsBlockForEveryClient) {
    for (const Protocol protocol : kAll) {
        Client client(protocol);
        chat::Conversation conversation;
        client.gets(started(100));
        client.gets(opened(BlockKind::text));
        client.gets(delta(DeltaKind::text, "Once upon "));
        client.gets(chat::Failed{make_error(ErrorKind::upstream_protocol, "gone")});
        client.continuation.interrupt();
        client.continuation.resume(conversation);
        client.gets(started(120));
        client.gets(opened(BlockKind::text));
        client.gets(delta(DeltaKind::text, "a time."));
        client.gets(chat::Closed{});
        client.gets(reported(30));
        client.gets(chat::Finished{});
        const chat::Reply reply = client.reply();
        EXPECT_THAT(texts(reply), ElementsAre("Once upon a time.")) << name_of(protocol);
        EXPECT_EQ(reply.stop, chat::StopReason::end_turn);
        EXPECT_EQ(reply.usage.output, 32) << "two of the first one's, guessed by its length";
        EXPECT_THAT(turns(conversation),
                    ElementsAre("assistant:Once upon |", testing::StartsWith("user:Your answer")));
    }
}

TEST(Continuation, AnAnswerThatBeginsAnewIsNotDeliveredTwice) {
    for (const Protocol protocol : {Protocol::anthropic, Protocol::openai_chat}) {
        Client client(protocol);
        client.gets(started(10));
        client.gets(opened(BlockKind::text));
        client.gets(delta(DeltaKind::text, "The quick brown f\\u00f6x jumps over the "));
        client.continuation.interrupt();
        chat::Conversation conversation;
        client.continuation.resume(conversation);
        client.gets(started(40));
        client.gets(opened(BlockKind::text));
        client.gets(delta(DeltaKind::text, "The quick brown f\xc3\xb6x "));
        client.gets(delta(DeltaKind::text, "jumps over the lazy "));
        client.gets(delta(DeltaKind::text, "dog."));
        client.gets(chat::Closed{});
        client.gets(chat::Finished{});
        EXPECT_THAT(texts(client.reply()),
                    ElementsAre("The quick brown f\xc3\xb6x jumps over the lazy dog."));
    }
}

TEST(Continuation, OneThatThinksBeforeItBeginsAnewIsNotDeliveredTwiceEither) {
    Client client(Protocol::anthropic);
    client.gets(started(10));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "The quick brown fox jumps over the "));
    client.continuation.interrupt();
    chat::Conversation conversation;
    client.continuation.resume(conversation);
    client.gets(started(40));
    client.gets(opened(BlockKind::reasoning));
    client.gets(delta(DeltaKind::reasoning, "hm"));
    client.gets(chat::Closed{});
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "The quick brown fox jumps over the lazy dog."));
    client.gets(chat::Closed{});
    client.gets(chat::Finished{});
    EXPECT_THAT(texts(client.reply()),
                ElementsAre("The quick brown fox jumps over the ", testing::_, "lazy dog."));
}

TEST(Continuation, AnythingElseClosesTheOpenBlockFirst) {
    Client client(Protocol::anthropic);
    chat::Conversation conversation;
    client.gets(started(100));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "I look"));
    client.continuation.resume(conversation);
    client.gets(started(120));
    chat::Opened call;
    call.kind = BlockKind::tool_call;
    call.id = Text::literal("t1");
    call.name = Text::literal("look");
    client.gets(call);
    client.gets(delta(DeltaKind::arguments, "{}"));
    client.gets(chat::Closed{});
    client.gets(chat::Finished{chat::StopReason::tool_use, {}});
    EXPECT_THAT(texts(client.reply()), ElementsAre("I look", "look{}"));
}

TEST(Continuation, ThoughtsAreNotReplayed) {
    Client client(Protocol::anthropic);
    chat::Conversation conversation;
    client.gets(started(100));
    client.gets(opened(BlockKind::reasoning));
    client.gets(delta(DeltaKind::reasoning, "hm"));
    client.continuation.resume(conversation);
    EXPECT_THAT(conversation.turns, IsEmpty()) << "the question is asked anew";
    client.gets(started(100));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "Yes."));
    client.gets(chat::Closed{});
    client.gets(chat::Finished{});
    EXPECT_THAT(texts(client.reply()), ElementsAre("(hm)", "Yes."));
}

TEST(Continuation, ABegunToolCallIsNotGoneOnWith) {
    Client client(Protocol::anthropic);
    client.gets(started(100));
    EXPECT_TRUE(client.continuation.is_possible());
    client.gets(opened(BlockKind::tool_call));
    EXPECT_FALSE(client.continuation.is_possible());
}

TEST(Continuation, ASecondInterruptionReplaysEverythingOnce) {
    Client client(Protocol::anthropic);
    chat::Conversation conversation;
    conversation.sampling.max_tokens = 100;
    client.gets(started(7));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "one "));
    client.gets(reported(10));
    client.continuation.resume(conversation);
    EXPECT_EQ(conversation.sampling.max_tokens, 90);
    client.gets(started(50));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "two "));
    client.gets(chat::Closed{});
    client.gets(reported(20));
    client.continuation.resume(conversation);
    EXPECT_EQ(conversation.sampling.max_tokens, 70);
    EXPECT_THAT(turns(conversation),
                ElementsAre("assistant:one two |", testing::StartsWith("user:")));
    client.gets(started(60));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "three"));
    client.gets(chat::Closed{});
    client.gets(reported(5));
    client.gets(chat::Finished{});
    const chat::Reply reply = client.reply();
    EXPECT_THAT(texts(reply), ElementsAre("one two ", "three"));
    EXPECT_EQ(reply.usage.input, 7);
    EXPECT_EQ(reply.usage.output, 35);
}

TEST(Continuation, BlankTextIsNotReplayed) {
    Client client(Protocol::anthropic);
    chat::Conversation conversation;
    client.gets(started(7));
    client.gets(opened(BlockKind::text));
    client.gets(delta(DeltaKind::text, "\\n "));
    client.continuation.resume(conversation);
    EXPECT_THAT(conversation.turns, IsEmpty());
}

}  // namespace
}  // namespace ccr::gateway
