// How much a decision tells of rules that do not apply.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "route/route.h"

namespace ccr::route {
namespace {

using config::Config;

Config with_rules(std::size_t count) {
    Config config;
    config::Provider provider;
    provider.name = "main";
    provider.models = {"big", "small"};
    config.providers = {std::move(provider)};
    config.routing.fallback_default = *config::parse_model_ref("main,big");
    for (std::size_t i = 0; i < count; ++i) {
        config::Rule rule;
        rule.name = fmt::format("rule {}", i);
        rule.when.models = {"*haiku*"};
        rule.use = *config::parse_model_ref("main,small");
        config.routing.rules.push_back(std::move(rule));
    }
    config.index_models();
    return config;
}

Decision decided(const Config& config, Telling telling) {
    Facts facts;
    facts.asked_model = "claude-opus-5-5";
    return decide(facts, config, telling);
}

std::vector<Considered> told_of_rules(const Decision& decision) {
    std::vector<Considered> out;
    std::ranges::copy_if(decision.considered, std::back_inserter(out),
                         [](const Considered& c) { return c.rule.starts_with("rule"); });
    return out;
}

TEST(ToldRules, AllOfAFewAreTold) {
    const auto told = told_of_rules(decided(with_rules(kToldRules), Telling::briefly));
    ASSERT_EQ(told.size(), kToldRules);
    for (const Considered& rule : told)
        EXPECT_EQ(rule.why, "the model is claude-opus-5-5, not *haiku*") << rule.rule;
}

TEST(ToldRules, OfManyTheFirstAreToldAndTheOthersCounted) {
    const auto told = told_of_rules(decided(with_rules(200), Telling::briefly));
    ASSERT_EQ(told.size(), kToldRules + 1);
    EXPECT_EQ(told[kToldRules - 1].rule, fmt::format("rule {}", kToldRules - 1));
    EXPECT_EQ(told.back().rule, "rules");
    EXPECT_EQ(told.back().why,
              fmt::format("{} more do not apply; ccr explain tells why", 200 - kToldRules));
    EXPECT_FALSE(told.back().applied);
}

TEST(ToldRules, OneIsCountedInTheSingular) {
    const auto told = told_of_rules(decided(with_rules(kToldRules + 1), Telling::briefly));
    EXPECT_EQ(told.back().why, "1 more does not apply; ccr explain tells why");
}

TEST(ToldRules, FullyEachOneIsTold) {
    const auto told = told_of_rules(decided(with_rules(200), Telling::fully));
    ASSERT_EQ(told.size(), 200u);
    EXPECT_EQ(told.back().rule, "rule 199");
    EXPECT_EQ(told.back().why, "the model is claude-opus-5-5, not *haiku*");
}

TEST(ToldRules, WhatAppliesIsAlwaysToldAndStandsLastWhereItChooses) {
    Config config = with_rules(200);
    config.routing.rules[100].when = {};
    config.routing.rules[100].use.reset();
    config.routing.rules[100].patch.emplace_back();
    config.routing.rules[150].when = {};
    const Decision decision = decided(config, Telling::briefly);
    EXPECT_EQ(decision.rule, "rule 150");
    const auto told = told_of_rules(decision);
    ASSERT_EQ(told.size(), kToldRules + 3);
    EXPECT_EQ(told[kToldRules].rule, "rule 100");
    EXPECT_EQ(told[kToldRules].why, "always: the request is edited");
    EXPECT_EQ(told[kToldRules + 1].why,
              fmt::format("{} more do not apply; ccr explain tells why", 149 - kToldRules));
    EXPECT_EQ(told[kToldRules + 2].rule, "rule 150");
    EXPECT_TRUE(told[kToldRules + 2].applied);
}

TEST(ToldRules, ARefusalStandsLastToo) {
    Config config = with_rules(20);
    config.routing.rules[19].when = {};
    config.routing.rules[19].deny = "No.";
    const Decision decision = decided(config, Telling::briefly);
    ASSERT_TRUE(decision.refusal);
    EXPECT_EQ(decision.considered.back().why, "refused: No.");
    EXPECT_EQ(decision.considered[decision.considered.size() - 2].rule, "rules");
}

TEST(ToldRules, HowMuchIsToldDecidesNothing) {
    Config config = with_rules(200);
    config.routing.rules[199].when = {};
    const Decision brief = decided(config, Telling::briefly);
    const Decision full = decided(config, Telling::fully);
    EXPECT_EQ(brief.rule, full.rule);
    EXPECT_EQ(brief.because, full.because);
    EXPECT_EQ(brief.attempts.at(0).model, full.attempts.at(0).model);
}

}  // namespace
}  // namespace ccr::route
