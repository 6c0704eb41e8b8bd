#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::found;
using fixture::with_provider;

Provider provider_of(std::string_view text) {
    const Config config = with_provider(text);
    EXPECT_TRUE(config.findings.empty()) << to_string(config.findings.front());
    return config.providers.at(0);
}

TEST(Preset, IsRecognisedByTheUrlOrByName) {
    EXPECT_EQ(provider_of(R"({name: "a", api_key: "k", models: ["m"],
        api_base_url: "https://api.deepseek.com/chat/completions"})")
                  .preset,
              find_preset("DeepSeek"));
    const Provider named =
        provider_of(R"({name: "a", api_key: "k", models: ["m"], preset: "deepseek"})");
    EXPECT_EQ(named.base_url, "https://api.deepseek.com/chat/completions");
    EXPECT_EQ(named.speaks, Protocol::openai_chat);
    EXPECT_EQ(provider_of(R"({name: "a", api_key: "k", models: ["m"],
        api_base_url: "https://api.deepseek.com.evil.example/chat/completions"})")
                  .preset,
              nullptr);
}

TEST(Preset, AnUnknownNameIsAFindingWithANearOne) {
    const Config config = with_provider(R"({name: "a", api_key: "k", models: ["m"],
        preset: "deepsek", api_base_url: "https://x.example/v1/chat/completions"})");
    EXPECT_NE(found(config, "unknown-preset").message.find("deepseek"), std::string::npos);
    EXPECT_GT(found(config, "unknown-preset").place.line, 0);
}

TEST(Preset, TraitsOfTheConfigurationAreReadPerProviderAndModel) {
    const Provider p = provider_of(R"({name: "a", api_key: "k", models: ["m"], preset: "deepseek",
        traits: {max_output: 8192, vision: false, thinking: "enable_thinking",
                 models: {"m*": {context_window: 64000, efforts: ["low"]}}}})");
    EXPECT_EQ(p.traits.max_output, 8192);
    EXPECT_EQ(p.traits.vision, false);
    EXPECT_EQ(p.traits.thinking, ThinkingStyle::enable_thinking);
    ASSERT_EQ(p.model_traits.size(), 1u);
    EXPECT_EQ(p.model_traits[0].traits.context_window, 64000);
    EXPECT_TRUE(names_model("m*", "M1"));
    EXPECT_FALSE(names_model("m", "m1"));
}

TEST(Patch, EveryOperationIsRead) {
    const Provider p = provider_of(R"({name: "a", api_key: "k", models: ["m"], preset: "deepseek",
        patch: [{set: "/a", value: {b: 1}}, {default: "/c", value: "x", model: "m"},
                {delete: "/messages/*/name"}, {rename: "/max_tokens", to: "max_completion_tokens"},
                {clamp: "/n", min: 1, max: 2, when: {"/stream": true}}]})");
    ASSERT_EQ(p.patch.size(), 5u);
    EXPECT_EQ(p.patch[0].patch.value, R"({"b":1})");
    EXPECT_EQ(p.patch[1].models, std::vector<std::string>{"m"});
    EXPECT_EQ(p.patch[2].patch.kind, json::PatchKind::remove);
    EXPECT_EQ(p.patch[3].patch.value, "max_completion_tokens");
    EXPECT_EQ(p.patch[4].patch.most, 2);
    ASSERT_TRUE(p.patch[4].patch.when);
    EXPECT_EQ(p.patch[4].patch.when->pointer, "/stream");
    EXPECT_EQ(p.patch[4].patch.when->value, "true");
}

TEST(Patch, AMistakeIsAFindingAtItsPlaceAndIgnored) {
    for (const char* wrong :
         {R"("x")", R"({})", R"({set: "a", value: 1})", R"({set: "/a"})", R"({rename: "/a"})",
          R"({clamp: "/a"})", R"({clamp: "/a", min: 3, max: 2})",
          R"({delete: "/a", set: "/b", value: 1})", R"({delete: "/a~"})"}) {
        const Config config = with_provider(
            std::string(R"({name: "a", api_key: "k", models: ["m"], preset: "deepseek",)") +
            "\n patch: [" + wrong + "]}");
        EXPECT_GT(found(config, "invalid-patch").place.line, 1) << wrong;
        EXPECT_TRUE(config.providers.at(0).patch.empty()) << wrong;
        EXPECT_FALSE(config.providers.at(0).broken) << wrong;
    }
}

TEST(Preset, UseBearerOfTheAnthropicTransformerIsAKindOfCredential) {
    EXPECT_EQ(provider_of(R"({name: "a", api_key: "k", models: ["m"],
        api_base_url: "https://x.example/v1/messages",
        transformer: {use: [["Anthropic", {UseBearer: true}]]}})")
                  .auth,
              Auth::bearer);
}

}  // namespace
}  // namespace ccr::config
