#include "gateway/stream_lane.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "cloud/bedrock_stream.h"
#include "gateway/fake_exchange_fixture.h"
#include "net/aws_frame_fixture.h"
#include "net/sse.h"

namespace ccr::gateway {
namespace {

constexpr std::string_view kStart =
    "event: message_start\ndata: "
    "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"x\",\"usage\":{\"input_"
    "tokens\":3}}}\n\n";
constexpr std::string_view kPing = ": comment\nevent: ping\ndata: {\"type\": \"ping\"}\n\n";
constexpr std::string_view kText =
    "event: content_block_start\ndata: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":"
    "\"\"}}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
    "\"hi\"}}\n\n";
constexpr std::string_view kEnd =
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "event: message_delta\ndata: "
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_"
    "tokens\":7}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
constexpr std::string_view kChatText =
    "data: "
    "{\"id\":\"c\",\"model\":\"y\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":"
    "\"hi\"}}]}\n\n";

class StreamLaneTest : public testing::Test {
  protected:
    const wire::Codec& messages_ = *wire::codec_of(Protocol::anthropic);
    const wire::Codec& chat_ = *wire::codec_of(Protocol::openai_chat);
    wire::Target target_{"mock", "m", "", "", true};
    FakeExchange exchange_;
    Pace pace_;
    ClientStream client_{exchange_, messages_, wire::AnswerContext{"req_1", 10, "m", true}, pace_};
};

// Each message of a stream of server-sent events as Bedrock frames it.
std::string on_bedrock(std::string_view events) {
    std::string out;
    net::SseParser parser;
    EXPECT_TRUE(parser.feed(events, [&](const net::SseMessage& message) {
        std::string encoded;
        const std::string url_safe = base64url_encode(message.data);
        for (const char c : url_safe) encoded += c == '-' ? '+' : c == '_' ? '/' : c;
        out += net::fixture::event_frame("chunk", "{\"bytes\":\"" + encoded + "\"}");
    }));
    return out;
}

TEST_F(StreamLaneTest, VerbatimFromBedrockIsTheSameStreamInTheClientsFraming) {
    const std::string events = std::string(kStart) + std::string(kText) + std::string(kEnd);
    const std::string framed = on_bedrock(events);
    for (const std::size_t step : {std::size_t{1}, std::size_t{13}, framed.size()}) {
        StreamLane lane(messages_.open_decoder(target_), client_, true,
                        std::make_unique<cloud::BedrockStream>());
        for (std::size_t at = 0; at < framed.size(); at += step)
            lane.feed(std::string_view(framed).substr(at, step));
        EXPECT_TRUE(lane.over());
        EXPECT_FALSE(lane.failure());
        EXPECT_EQ(lane.usage().output, 7);
        EXPECT_TRUE(lane.take().ends_with(kEnd));
    }
}

TEST_F(StreamLaneTest, ADamagedBinaryStreamIsAnErrorOfTheUpstreams) {
    std::string framed = on_bedrock(std::string(kStart) + std::string(kText));
    framed[framed.size() - 1] = static_cast<char>(framed.back() ^ 1);
    StreamLane lane(messages_.open_decoder(target_), client_, true,
                    std::make_unique<cloud::BedrockStream>());
    lane.feed(framed);
    ASSERT_TRUE(lane.failure());
    EXPECT_EQ(lane.failure()->kind, ErrorKind::upstream_protocol);
    EXPECT_NE(lane.failure()->message.find("checksum"), std::string::npos);
}

TEST_F(StreamLaneTest, ABinaryExceptionPassesAsTheErrorItIs) {
    const std::string framed =
        on_bedrock(std::string(kStart) + std::string(kText)) +
        net::fixture::exception_frame("throttlingException", R"({"message":"slow down"})");
    StreamLane lane(messages_.open_decoder(target_), client_, true,
                    std::make_unique<cloud::BedrockStream>());
    lane.feed(framed);
    ASSERT_TRUE(lane.failure());
    EXPECT_EQ(lane.failure()->kind, ErrorKind::rate_limit);
    EXPECT_NE(lane.take().find("event: error\ndata: {"), std::string::npos);
}

TEST_F(StreamLaneTest, VerbatimPassesEveryByteOfTheStream) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    const std::string all =
        std::string(kStart) + std::string(kPing) + std::string(kText) + std::string(kEnd);
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        lane.feed(std::string_view(all).substr(i, 1));
        if (lane.has_content()) out += lane.take();
    }
    EXPECT_TRUE(lane.over());
    EXPECT_EQ(out, all);
    EXPECT_EQ(lane.usage().input, 3);
    EXPECT_EQ(lane.usage().output, 7);
}

TEST_F(StreamLaneTest, NothingIsContentBeforeTheFirstText) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    lane.feed(kStart);
    lane.feed(kPing);
    EXPECT_FALSE(lane.has_content());
    lane.feed(kText);
    EXPECT_TRUE(lane.has_content());
}

TEST_F(StreamLaneTest, ASecondStartThatBearsTextIsKept) {
    client_.mark_started();
    StreamLane lane(chat_.open_decoder(target_), client_, true);
    lane.feed(kChatText);
    EXPECT_EQ(lane.take(), kChatText);
}

TEST_F(StreamLaneTest, ASecondStartIsDroppedWhenTheClientHasOne) {
    client_.mark_started();
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    lane.feed(kStart);
    lane.feed(kText);
    EXPECT_EQ(lane.take(), kText);
}

TEST_F(StreamLaneTest, AStartThatAHeartbeatOvertookIsDropped) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    lane.feed(kStart);
    lane.feed(kPing);
    client_.mark_started();  // the heartbeat opened the stream meanwhile
    lane.feed(kText);
    EXPECT_EQ(lane.take(), std::string(kPing) + std::string(kText));
}

TEST_F(StreamLaneTest, ACutVerbatimStreamEndsWithAnErrorEventAndNoStop) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    lane.feed(kStart);
    lane.feed(kText);
    lane.feed("event: content_block_delta\ndata: {\"type\":\"content_blo");
    lane.end();
    ASSERT_TRUE(lane.failure());
    EXPECT_EQ(lane.failure()->kind, ErrorKind::upstream_protocol);
    const std::string out = lane.take();
    EXPECT_TRUE(out.starts_with(std::string(kStart) + std::string(kText)));
    EXPECT_NE(out.find("event: error\n"), std::string::npos);
    EXPECT_EQ(out.find("message_stop"), std::string::npos);
}

TEST_F(StreamLaneTest, ALastMessageWithoutItsBlankLineStillReachesTheClientWhole) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    std::string all = std::string(kStart) + std::string(kText) + std::string(kEnd);
    all.pop_back();
    lane.feed(all);
    lane.end();
    EXPECT_FALSE(lane.failure());
    EXPECT_TRUE(lane.take().ends_with("\n\n"));
}

TEST_F(StreamLaneTest, AnErrorEventNeverMeltsIntoACutMessage) {
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    std::string cut = std::string(kStart) + std::string(kText);
    cut.pop_back();
    lane.feed(cut);
    lane.end();
    ASSERT_TRUE(lane.failure());
    EXPECT_NE(lane.take().find("\n\nevent: error\n"), std::string::npos);
}

TEST_F(StreamLaneTest, AnUpstreamsOwnErrorEventPassesInItsOwnWords) {
    constexpr std::string_view kError =
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
        "\n\n";
    StreamLane lane(messages_.open_decoder(target_), client_, true);
    lane.feed(kStart);
    lane.feed(kText);
    lane.feed(kError);
    EXPECT_TRUE(lane.over());
    EXPECT_EQ(lane.take(), std::string(kStart) + std::string(kText) + std::string(kError));
}

TEST_F(StreamLaneTest, TranslatedHoldsEventsUntilTheyAreWanted) {
    StreamLane lane(chat_.open_decoder(target_), client_, false);
    lane.feed(
        "data: "
        "{\"id\":\"c\",\"model\":\"y\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":"
        "\"\"}}]}\n\n");
    EXPECT_FALSE(lane.has_content());
    lane.feed(kChatText);
    EXPECT_TRUE(lane.has_content());
    const std::string first = lane.take();
    EXPECT_TRUE(first.starts_with("event: message_start\n"));
    EXPECT_NE(first.find("\"text\":\"hi\""), std::string::npos);
    lane.feed("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n");
    EXPECT_TRUE(lane.complete());
    EXPECT_FALSE(lane.over()) << "figures may follow";
    lane.feed("data: [DONE]\n\n");
    EXPECT_TRUE(lane.over());
    EXPECT_NE(lane.take().find("\"stop_reason\":\"max_tokens\""), std::string::npos);
}

TEST_F(StreamLaneTest, AFailedAttemptLeavesNoTrace) {
    {
        StreamLane first(chat_.open_decoder(target_), client_, false);
        first.feed("data: {\"id\":\"one\",\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n");
        first.feed("data: {\"error\":{\"message\":\"busy\",\"code\":503}}\n\n");
        ASSERT_TRUE(first.failure());
        EXPECT_EQ(first.failure()->status, 503);
        EXPECT_FALSE(first.has_content());
    }
    StreamLane second(chat_.open_decoder(target_), client_, false);
    second.feed(kChatText);
    const std::string out = second.take();
    EXPECT_TRUE(out.starts_with("event: message_start\n"));
    EXPECT_EQ(out.find("one"), std::string::npos);
}

TEST_F(StreamLaneTest, AVerbatimAttemptThatBroughtNothingLeavesNoTraceEither) {
    const wire::AnswerContext context{"req_1", 10, "m", true};
    ClientStream client(exchange_, chat_, context, pace_);
    {
        StreamLane first(chat_.open_decoder(target_), client, true);
        first.end();
        ASSERT_TRUE(first.failure());
    }
    StreamLane second(messages_.open_decoder(target_), client, false);
    second.feed(kStart);
    second.feed(kText);
    EXPECT_NE(second.take().find("\"content\":\"hi\""), std::string::npos);
}

TEST_F(StreamLaneTest, WhatIsCutBehindAWholeVerbatimAnswerDoesNotPass) {
    ClientStream client(exchange_, chat_, wire::AnswerContext{"req_1", 10, "m", true}, pace_);
    StreamLane lane(chat_.open_decoder(target_), client, true);
    const std::string whole = std::string(kChatText) +
                              "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    lane.feed(whole);
    lane.feed("data: {\"choices\":[],\"usa");
    lane.end();
    EXPECT_FALSE(lane.failure());
    EXPECT_EQ(lane.take(), whole);
}

TEST_F(StreamLaneTest, TheStreamIsOpenedToBridgeASilence) {
    const Pace quick{std::chrono::milliseconds(0), std::chrono::milliseconds(1000),
                     std::chrono::milliseconds(10)};
    ClientStream client(exchange_, messages_, wire::AnswerContext{"req_1", 10, "m", true}, quick);
    const auto beat = [](ClientStream& stream,
                         net::Clock::time_point last_byte) -> net::Task<void> {
        const auto sent = co_await stream.heartbeat(last_byte);
        EXPECT_TRUE(sent);
    };
    const auto now = net::Clock::now();
    EXPECT_LE(client.next_heartbeat(), now);
    run_task(beat(client, now));
    EXPECT_TRUE(exchange_.opened());
    EXPECT_TRUE(exchange_.streamed().starts_with("event: message_start\n"));
    EXPECT_NE(exchange_.streamed().find("event: ping\n"), std::string::npos);
    EXPECT_GT(client.next_heartbeat(), now);

    const std::size_t before = exchange_.writes.size();
    run_task(beat(client, now - std::chrono::hours(1)));
    EXPECT_EQ(exchange_.writes.size(), before) << "no ping without proof that the upstream lives";
    run_task(beat(client, net::Clock::now()));
    EXPECT_EQ(exchange_.writes.size(), before + 1);
}

}  // namespace
}  // namespace ccr::gateway
