// The answer's side of a plan on the way to the client: mended, in the client's protocol, and while
// it streams.
#include <gtest/gtest.h>

#include "adapt/plan.h"
#include "gateway/fake_exchange_fixture.h"
#include "gateway/stream_lane.h"

namespace ccr::gateway {
namespace {

config::Provider using_transformer(std::string name) {
    config::Provider provider;
    provider.name = "p";
    provider.base_url = "https://api.example.com/v1/chat/completions";
    provider.use.push_back({std::move(name), "", {}});
    return provider;
}

std::string chunk(std::string_view delta, std::string_view finish = "null") {
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" +
           std::string(delta) + ",\"finish_reason\":" + std::string(finish) + "}]}\n\n";
}

class AdaptedLaneTest : public testing::Test {
  protected:
    const wire::Codec& chat_ = *wire::codec_of(Protocol::openai_chat);
    wire::Target target_{"p", "m", "", "", true};
    FakeExchange exchange_;
    Pace pace_;
    ClientStream client_{exchange_, *wire::codec_of(Protocol::anthropic),
                         wire::AnswerContext{"req_1", 10, "m", true}, pace_};
    chat::Conversation conversation_;
};

TEST_F(AdaptedLaneTest, EnhancetoolSendsMendedArgumentsBeforeTheBlockEnds) {
    const config::Provider provider = using_transformer("enhancetool");
    adapt::Plan plan(provider, "m", conversation_, false);
    StreamLane lane(chat_.open_decoder(target_), client_, false);
    lane.adapt_with(plan);
    lane.feed(chunk(
        R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"Write","arguments":"{'path': 'a', 'content': 'one"}}]})"));
    const std::string out = lane.take();
    EXPECT_NE(out.find(R"({\"path\": \"a\", \"content\": \"one)"), std::string::npos) << out;
    EXPECT_EQ(out.find("content_block_stop"), std::string::npos) << out;
    lane.feed(chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":" two"}}]})"));
    lane.feed(chunk("{}", "\"length\"") + "data: [DONE]\n\n");
    lane.end();
    const std::string rest = lane.take();
    EXPECT_NE(rest.find(R"( two)"), std::string::npos) << rest;
    EXPECT_NE(rest.find(R"(\"}")"), std::string::npos) << rest;
    EXPECT_NE(rest.find("message_stop"), std::string::npos) << rest;
}

TEST_F(AdaptedLaneTest, VerbatimStreamsPassNoPlan) {
    const config::Provider provider = using_transformer("enhancetool");
    adapt::Plan plan(provider, "m", conversation_, true);
    ClientStream client{exchange_, chat_, wire::AnswerContext{"req_1", 10, "m", true}, pace_};
    StreamLane lane(chat_.open_decoder(target_), client, true);
    lane.adapt_with(plan);
    const std::string broken = chunk(
        R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"Write","arguments":"{'a"}}]})");
    lane.feed(broken);
    const std::string out = lane.take();
    EXPECT_EQ(out, broken);
}

}  // namespace
}  // namespace ccr::gateway
