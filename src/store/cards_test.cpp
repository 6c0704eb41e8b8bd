// What is kept of models, and where it stands among what else is known of them.
#include "store/cards.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/ids.h"
#include "store/windows.h"

namespace ccr::store {
namespace {

constexpr std::int64_t kNow = 2 * kLacksLast;

class Cards : public testing::Test {
  protected:
    Cards() {
        config_.providers.resize(1);
        provider().name = "p";
        provider().base_url = "https://h.example/v1/chat/completions";
    }
    ~Cards() override { std::filesystem::remove_all(directory_); }

    config::Provider& provider() { return config_.providers[0]; }
    Card card(const std::string& model = "m") {
        Card out;
        out.provider = "p";
        out.model = model;
        out.endpoint = endpoint_digest(provider());
        out.images = false;
        out.max_output = 8;
        out.checked_at = kNow;
        return out;
    }

    const std::filesystem::path directory_ =
        std::filesystem::temp_directory_path() / new_id("ccr-cards-");
    const std::string file_ = (directory_ / "state.sqlite").string();
    config::Config config_;
};

TEST_F(Cards, AreKeptReplacedAndForgotten) {
    EXPECT_TRUE(read_cards(file_).empty());
    Card full = card();
    full.streaming = full.tools = full.usage = true;
    full.parallel_tools = full.thinking = false;
    full.takes_output = 7;
    full.checked_at = 99;
    Card other = card("n");
    other.provider = "pp";
    ASSERT_TRUE(write_cards(file_, std::vector{full, card("n"), other}));
    full.tools.reset();
    ASSERT_TRUE(write_cards(file_, std::vector{full}));
    auto kept = read_cards(file_);
    ASSERT_EQ(kept.size(), 3u);
    const auto found = std::ranges::find(kept, 99, &Card::checked_at);
    ASSERT_NE(found, kept.end());
    EXPECT_EQ(found->model, "m");
    EXPECT_EQ(found->endpoint, full.endpoint);
    EXPECT_EQ(found->streaming, true);
    EXPECT_FALSE(found->tools);
    EXPECT_EQ(found->parallel_tools, false);
    EXPECT_EQ(found->takes_output, 7);
    EXPECT_EQ(found->max_output, 8);
    EXPECT_EQ(forget_cards(file_, "p", "m"), 1u);
    EXPECT_EQ(forget_cards(file_, "p", ""), 1u);
    EXPECT_EQ(forget_cards(file_, "", ""), 1u);
    EXPECT_EQ(forget_cards(file_, "", ""), 0u);
}

TEST_F(Cards, SpeakOnlyWhereNobodyElseDoes) {
    provider().by_key = {provider(), provider()};
    add_cards(std::vector{card()}, config_, kNow);
    EXPECT_EQ(config::traits_of(provider(), "m").vision, false);
    EXPECT_EQ(config::traits_of(provider().by_key[1], "m").max_output, 8);
    EXPECT_FALSE(config::traits_of(provider(), "n").vision);
    provider().traits.vision = true;
    EXPECT_EQ(config::traits_of(provider(), "m").vision, true);
}

TEST_F(Cards, YieldToThePresetAndToTheProvidersList) {
    config::Preset preset;
    preset.traits.vision = true;
    provider().preset = &preset;
    add_windows(std::vector<KeptWindow>{{"p", {"m", {}, 16}, 0}}, config_);
    add_cards(std::vector{card()}, config_, kNow);
    EXPECT_EQ(config::traits_of(provider(), "m").vision, true);
    EXPECT_EQ(config::traits_of(provider(), "m").max_output, 16);
    add_windows({}, config_);
    add_cards(std::vector{card()}, config_, kNow);
    EXPECT_EQ(config::traits_of(provider(), "m").max_output, 8);
}

TEST_F(Cards, AreOfOneAddress) {
    const std::vector cards{card()};
    provider().base_url = "https://elsewhere.example/v1/chat/completions";
    add_cards(cards, config_, kNow);
    EXPECT_FALSE(config::traits_of(provider(), "m").vision);
}

TEST_F(Cards, WhatShapesRequestsIsPartOfTheAddress) {
    const Card before = card();
    const config::Provider plain = provider();
    EXPECT_EQ(void_because(before, config_, kNow), "");
    const auto changed = [&](const std::function<void(config::Provider&)>& change) {
        provider() = plain;
        change(provider());
        return void_because(before, config_, kNow) == "another address";
    };
    EXPECT_TRUE(changed([](auto& p) { p.use = {{"tooluse", "", {}}}; }));
    EXPECT_TRUE(changed([](auto& p) { p.model_use = {{"m", {{"tooluse", "", {}}}}}; }));
    EXPECT_TRUE(changed([](auto& p) { p.patch = {{json::remove_value("/tools"), {}}}; }));
    EXPECT_TRUE(changed([](auto& p) { p.vertex.project = "x"; }));
    EXPECT_TRUE(changed([](auto& p) { p.vertex.location = "x"; }));
    EXPECT_TRUE(changed([](auto& p) { p.aws.region = "x"; }));
    EXPECT_TRUE(changed([](auto& p) { p.azure.deployment = "x"; }));
    config_.providers.clear();
    EXPECT_EQ(void_because(before, config_, kNow), "no such provider");
}

TEST_F(Cards, WhatAModelCannotDoIsNotBelievedForEver) {
    const std::vector cards{card()};
    const std::int64_t later = kNow + kLacksLast + 1;
    EXPECT_EQ(void_because(cards[0], config_, later), "too old");
    add_cards(cards, config_, later);
    EXPECT_FALSE(config::traits_of(provider(), "m").vision);
    EXPECT_FALSE(config::traits_of(provider(), "m").max_output);
    Card able = card();
    able.images = true;
    add_cards(std::vector{able}, config_, later);
    EXPECT_EQ(config::traits_of(provider(), "m").vision, true);
}

}  // namespace
}  // namespace ccr::store
