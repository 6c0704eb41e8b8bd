#include "gateway/count_answer.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

TEST(Count, IsAnsweredInTheCallersShape) {
    EXPECT_EQ(count_body(Protocol::anthropic, 7), R"({"input_tokens":7})");
    EXPECT_EQ(count_body(Protocol::openai_responses, 7),
              R"({"object":"response.input_tokens","input_tokens":7})");
    EXPECT_EQ(count_body(Protocol::gemini, 7), R"({"totalTokens":7})");
}

TEST(Count, GeminiMayNestTheRequest) {
    json::Document document;
    const std::string nested = R"({"generateContentRequest":{"contents":[]}})";
    const auto body = document.parse(nested);
    ASSERT_TRUE(body);
    EXPECT_EQ(counted_request(Protocol::gemini, *body).raw(), R"({"contents":[]})");
    EXPECT_EQ(counted_request(Protocol::anthropic, *body).raw(), nested);
    json::Document flat;
    const std::string plain = R"({"contents":[]})";
    EXPECT_EQ(counted_request(Protocol::gemini, *flat.parse(plain)).raw(), plain);
}

}  // namespace
}  // namespace ccr::gateway
