#include "tokens/media_tokens.h"

#include <gtest/gtest.h>

namespace ccr::tokens {
namespace {

std::int64_t tokens(std::string_view model, std::uint32_t width, std::uint32_t height) {
    return image_tokens(media_rule_of(model), model, ImageSize{width, height});
}

// The examples of docs.anthropic.com, vision.
TEST(ImageTokens, OfClaude) {
    EXPECT_EQ(tokens("claude-sonnet-5-5", 200, 200), 54);
    EXPECT_EQ(tokens("claude-sonnet-5-5", 1000, 1000), 1334);
    EXPECT_EQ(tokens("claude-sonnet-5-5", 8000, 8000), 1600);
    EXPECT_EQ(tokens("claude-sonnet-5-5", 3136, 200), 210);
}

// The examples of platform.openai.com, images and vision.
TEST(ImageTokens, OfOpenAiInTiles) {
    EXPECT_EQ(tokens("gpt-4o", 1024, 1024), 765);
    EXPECT_EQ(tokens("gpt-4o", 2048, 4096), 1105);
    EXPECT_EQ(tokens("gpt-4o", 100, 100), 255);
    EXPECT_EQ(tokens("gpt-4o-mini", 1024, 1024), 2833 + 4 * 5667);
    EXPECT_EQ(tokens("openai/gpt-5.5", 1024, 1024), 70 + 4 * 140);
    EXPECT_EQ(tokens("o3", 1024, 1024), 75 + 4 * 150);
}

TEST(ImageTokens, OfOpenAiInPatches) {
    EXPECT_EQ(tokens("gpt-4.1-mini", 1024, 1024), 1659);
    EXPECT_EQ(tokens("o4-mini", 4000, 4000), 2642);
}

TEST(ImageTokens, OfGemini) {
    EXPECT_EQ(tokens("gemini-3.8-flash", 384, 384), 258);
    EXPECT_EQ(tokens("google/gemini-3.8-pro", 960, 540), 6 * 258);
}

TEST(ImageTokens, OfUnknownSize) {
    EXPECT_EQ(image_tokens(MediaRule::anthropic, "claude", std::nullopt), 1600);
    EXPECT_EQ(image_tokens(MediaRule::openai, "gpt-4o", std::nullopt), 765);
    EXPECT_GT(image_tokens(MediaRule::gemini, "gemini", std::nullopt), 257);
}

TEST(MediaRules, GoByTheModelsName) {
    EXPECT_EQ(media_rule_of("claude-opus-5"), MediaRule::anthropic);
    EXPECT_EQ(media_rule_of("openai/o3"), MediaRule::openai);
    EXPECT_EQ(media_rule_of("olmo"), MediaRule::anthropic);
    EXPECT_EQ(media_rule_of("GPT-4o"), MediaRule::openai);
    EXPECT_EQ(media_rule_of("models/gemini-3.8-flash"), MediaRule::gemini);
}

}  // namespace
}  // namespace ccr::tokens
