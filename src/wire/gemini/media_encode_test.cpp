// Media towards a Gemini provider: in messages, inside function responses and behind them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/gemini/sent_fixture.h"

namespace ccr::wire {
namespace {

using testing::HasSubstr;

TEST(GeminiMedia, GoWithTheResultsOrBehindThem) {
    const std::string turns =
        R"("messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://e.org/a.PNG?x"}}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}])";
    const Json newest = from_messages(turns).body;
    EXPECT_EQ(newest["contents"][0]["parts"][0]["fileData"],
              Json::parse(R"({"mimeType":"image/png","fileUri":"https://e.org/a.PNG?x"})"));
    EXPECT_EQ(newest["contents"][2]["parts"][0]["functionResponse"]["parts"][0],
              Json::parse(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})"));
    const Json older = from_messages(turns, "gemini-2.5-pro").body;
    ASSERT_EQ(older["contents"][2]["parts"].size(), 3U);
    EXPECT_TRUE(older["contents"][2]["parts"][2].contains("inlineData"));
}

TEST(GeminiMedia, GoIntoAResponseOnlyAsDataOfTheTypesItTakes) {
    const Sent got = from_messages(
        R"("messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[
            {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}},
            {"type":"image","source":{"type":"url","url":"https://e.org/a.png"}},
            {"type":"image","source":{"type":"base64","media_type":"image/gif","data":"R0lG"}}]}]}])");
    const Json& parts = got.body["contents"][2]["parts"];
    EXPECT_EQ(parts[0]["functionResponse"]["parts"],
              Json::parse(R"([{"inlineData":{"mimeType":"application/pdf","data":"JVBE"}}])"));
    EXPECT_EQ(parts[1]["text"], "Attached to the result of tool call t1:");
    EXPECT_EQ(parts[2]["fileData"]["fileUri"], "https://e.org/a.png");
    EXPECT_EQ(parts[3]["inlineData"]["mimeType"], "image/gif");
    ASSERT_EQ(parts.size(), 4U);
    EXPECT_THAT(got.losses, HasSubstr("media in a tool result"));
}

TEST(GeminiMedia, AResponsesReferenceStillFindsItsPicture) {
    const Json response = Json::parse(
        R"({"name":"shot","response":{"image":{"$ref":"a.png"}},"parts":[
            {"inlineData":{"mimeType":"image/png","displayName":"a.png","data":"AAAA"}}]})");
    const Json body = {
        {"contents",
         {{{"role", "user"}, {"parts", {{{"text", "go"}}}}},
          {{"role", "model"},
           {"parts", {{{"functionCall", {{"name", "shot"}, {"args", Json::object()}}}}}}},
          {{"role", "user"}, {"parts", {{{"functionResponse", response}}}}}}}};
    const Json got = sent(Protocol::gemini, body.dump()).body["contents"][2]["parts"][0];
    EXPECT_EQ(got["functionResponse"]["response"], response["response"]);
    EXPECT_EQ(got["functionResponse"]["parts"], response["parts"]);
}

}  // namespace
}  // namespace ccr::wire
