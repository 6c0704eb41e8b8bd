#include "cli/request_shape.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

Protocol shape(std::string_view text) {
    json::Document document;
    const auto root = document.parse(text);
    EXPECT_TRUE(root);
    return protocol_of_body(*root);
}

TEST(RequestShape, IsWhatOnlyOneProtocolHas) {
    EXPECT_EQ(shape(R"({"messages":[{"role":"user","content":"x"}]})"), Protocol::anthropic);
    // Today's Claude Code has system turns in its conversation.
    EXPECT_EQ(shape(R"({"system":"s","messages":[{"role":"user"},{"role":"system"}]})"),
              Protocol::anthropic);
    EXPECT_EQ(shape(R"({"messages":[{"role":"user"},{"role":"system"}]})"), Protocol::anthropic);
    EXPECT_EQ(shape(R"({"messages":[{"role":"system"},{"role":"user"}]})"), Protocol::openai_chat);
    EXPECT_EQ(shape(R"({"messages":[{"role":"user"},{"role":"tool"}]})"), Protocol::openai_chat);
    EXPECT_EQ(shape(R"({"messages":[],"tools":[{"type":"function","function":{"name":"f"}}]})"),
              Protocol::openai_chat);
    EXPECT_EQ(shape(R"({"input":"x"})"), Protocol::openai_responses);
    EXPECT_EQ(shape(R"({"contents":[]})"), Protocol::gemini);
}

}  // namespace
}  // namespace ccr::cli
