#include "wire/anthropic/options_encode.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/anthropic/anthropic.h"
#include "wire/relay_fixture.h"

namespace ccr::wire::anthropic {
namespace {

struct Asked {
    const char* members;
    const char* sent;    // of the request, without messages and model
    const char* losses;  // what is lost
};
void PrintTo(const Asked& a, std::ostream* out) {
    *out << a.members;
}
class AskedByAChatClient : public testing::TestWithParam<Asked> {};

// What Messages refuses together is not sent together.
TEST_P(AskedByAChatClient, IsWhatMessagesTakes) {
    const DecodedRequest request(
        *codec_of(Protocol::openai_chat),
        fmt::format(R"({{"model":"m","messages":[{{"role":"user","content":"q"}}],{}}})",
                    GetParam().members));
    ASSERT_TRUE(request.conversation) << request.conversation.error().message;
    const Encoded encoded = codec.encode_request(*request.conversation, kTestTarget);
    nlohmann::json body = nlohmann::json::parse(encoded.body);
    for (const char* member : {"model", "messages", "stream"}) body.erase(member);
    EXPECT_EQ(body, nlohmann::json::parse(GetParam().sent)) << body.dump();
    std::string losses;
    for (const chat::Loss& loss : encoded.losses) losses += loss.what + "; ";
    EXPECT_EQ(losses, GetParam().losses);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AskedByAChatClient,
    testing::Values(
        Asked{R"("temperature":1.4)", R"({"max_tokens":32000,"temperature":1})", "1.4; "},
        Asked{
            R"("reasoning_effort":"high","temperature":0.2,"top_p":0.9)",
            R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}})",
            "0.2; 0.9; "},
        Asked{
            R"("reasoning_effort":"minimal")",
            R"({"max_tokens":32000,"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}})",
            "minimal; "},
        Asked{R"("reasoning_effort":"none","temperature":0.2)",
              R"({"max_tokens":32000,"thinking":{"type":"disabled"},"temperature":0.2})", ""},
        Asked{
            R"("reasoning_effort":"high","tool_choice":"required")",
            R"({"max_tokens":32000,"output_config":{"effort":"high"},"tool_choice":{"type":"any"}})",
            "thinking; "},
        Asked{R"("max_tokens":4000,"reasoning":{"max_tokens":9000})",
              R"({"max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":3999}})",
              "a budget of 9000; "},
        Asked{R"("max_tokens":500,"reasoning":{"max_tokens":9000})", R"({"max_tokens":500})",
              "a budget of 9000; "},
        Asked{
            R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"integer","minimum":1}}}}})",
            R"({"max_tokens":32000,"output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false,"properties":{"a":{"type":"integer"}}}}}})",
            "minimum; "}));

}  // namespace
}  // namespace ccr::wire::anthropic
