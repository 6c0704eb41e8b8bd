#include "cloud/bedrock_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/aws_frame_fixture.h"
#include "net/sse.h"

namespace ccr::cloud {
namespace {

using net::SseMessage;
using net::fixture::event_frame;
using net::fixture::exception_frame;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Messages = std::vector<std::pair<std::string, std::string>>;

// {"type":"ping"}, {"type":"message_stop"} with line ends inside, and an object without a type.
constexpr std::string_view kPing = R"({"bytes":"eyJ0eXBlIjoicGluZyJ9","p":"abc"})";
constexpr std::string_view kStop = R"({"bytes":"ewogInR5cGUiOiAibWVzc2FnZV9zdG9wIgp9"})";
constexpr std::string_view kLife = R"({"bytes":"e30="})";

struct Outcome {
    Messages messages;
    std::string raw;
    bool good = true;
    std::string problem;
};

Outcome read(std::string_view bytes, std::size_t step) {
    BedrockStream stream;
    Outcome out;
    for (std::size_t at = 0; at < bytes.size() && out.good; at += step) {
        out.good = stream.feed(bytes.substr(at, step), [&](const SseMessage& m) {
            out.messages.emplace_back(m.event, m.data);
            out.raw += m.raw;
        });
    }
    out.problem = stream.problem();
    return out;
}

TEST(BedrockStream, ChunksBecomeServerSentEvents) {
    const std::string all =
        event_frame("chunk", kPing) + event_frame("chunk", kLife) + event_frame("chunk", kStop);
    for (std::size_t step = 1; step <= all.size(); ++step) {
        const Outcome got = read(all, step);
        EXPECT_TRUE(got.good);
        EXPECT_THAT(got.messages,
                    ElementsAre(std::pair("ping", R"({"type":"ping"})"),
                                std::pair("message_stop", R"({  "type": "message_stop" })")));
    }
}

TEST(BedrockStream, WhatAClientGetsIsTheSameStreamInItsOwnFraming) {
    const Outcome got = read(event_frame("chunk", kPing) + event_frame("chunk", kStop), 7);
    Messages again;
    net::SseParser parser;
    EXPECT_TRUE(
        parser.feed(got.raw, [&](const SseMessage& m) { again.emplace_back(m.event, m.data); }));
    EXPECT_EQ(again, got.messages);
    EXPECT_FALSE(parser.pending());
}

TEST(BedrockStream, NoNameOfAnEventBreaksTheFraming) {
    // {"type":"x\ny\r"}
    const Outcome got = read(event_frame("chunk", R"({"bytes":"eyJ0eXBlIjoieFxueVxyIn0="})"), 99);
    EXPECT_THAT(got.messages, ElementsAre(std::pair("x y ", R"({"type":"x\ny\r"})")));
    EXPECT_EQ(got.raw, "event: x y \ndata: {\"type\":\"x\\ny\\r\"}\n\n");
}

TEST(BedrockStream, ExceptionsAreErrorsOfTheProtocol) {
    const Outcome got =
        read(exception_frame("throttlingException", R"({"message":"Too \"many\" requests"})"), 9);
    EXPECT_THAT(got.messages, ElementsAre(std::pair("error", R"({"type":"error","error":{"type":)"
                                                             R"("rate_limit_error","message":)"
                                                             R"("Too \"many\" requests"}})")));
    EXPECT_TRUE(got.good);
    EXPECT_THAT(
        read(exception_frame("modelStreamErrorException", "no json"), 99).messages.at(0).second,
        HasSubstr(R"("type":"api_error","message":"no json")"));
    EXPECT_THAT(read(exception_frame("validationException", ""), 99).messages.at(0).second,
                HasSubstr(R"("invalid_request_error","message":"validationException")"));
    EXPECT_EQ(error_type_of("ServiceUnavailableException"), "overloaded_error");
}

TEST(BedrockStream, AnErrorFrameIsOneToo) {
    using net::fixture::text_header;
    const std::string frame = net::fixture::framed(text_header(":message-type", "error") +
                                                       text_header(":error-code", "InternalError") +
                                                       text_header(":error-message", "it broke"),
                                                   "");
    EXPECT_THAT(read(frame, 99).messages.at(0).second, HasSubstr("it broke"));
}

TEST(BedrockStream, OtherEventsAreLeftOut) {
    EXPECT_THAT(read(event_frame("initial-response", "{}"), 99).messages, IsEmpty());
}

TEST(BedrockStream, ChunksThatHoldNothingReadableEndIt) {
    for (const std::string_view payload :
         {"", "{}", "[]", R"({"bytes":5})", R"({"bytes":"*"})", R"({"bytes":"eA=="})"}) {
        const Outcome got =
            read(event_frame("chunk", payload) + event_frame("chunk", kPing), 99999);
        EXPECT_FALSE(got.good) << payload;
        EXPECT_THAT(got.messages, IsEmpty());
        EXPECT_THAT(got.problem, HasSubstr("Bedrock chunk"));
    }
}

}  // namespace
}  // namespace ccr::cloud
