#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Config routed(std::string_view router) {
    return parsed(
        fmt::format("{{Providers: [{{name:'p',url:'https://h/chat/completions',key:'k',"
                    "models:['big','small']}}],\nRouter: {{default: 'p,big', {}}}}}",
                    router));
}

Config ruled(std::string_view rule) {
    return routed(fmt::format("rules: [\n{}]", rule));
}

TEST(Rules, EveryConditionAndAction) {
    const Config config = ruled(
        "{name: 'all', when: {model: '*Opus*', scenario: ['think', 'long_context'], effort: "
        "'>=xhigh', client: ['claude-code', 'codex'], tool: 'mcp__*', project: '-home-*', "
        "session: 'a*', text: 'Fix*typo', system: 'explore', headers: {'X-Team': ['blue*']}, "
        "tokens_over: 10, tokens_under: 20, images: true, subagent: false, time: ['mon-fri "
        "09:00-17:30', 'sat', '22:00-06:00']}, use: 'p,small', fallback: ['p,big'], patch: [{set: "
        "'/temperature', value: 0}]}");
    EXPECT_THAT(config.findings, IsEmpty());
    ASSERT_EQ(config.routing.rules.size(), 1u);
    const Rule& rule = config.routing.rules[0];
    EXPECT_EQ(rule.name, "all");
    EXPECT_EQ(rule.place.line, 3);
    EXPECT_THAT(rule.when.models, ElementsAre("*opus*"));
    EXPECT_THAT(rule.when.scenarios, ElementsAre("think", "longContext"));
    EXPECT_THAT(rule.when.efforts, ElementsAre("xhigh", "max"));
    EXPECT_THAT(rule.when.texts, ElementsAre("fix*typo"));
    EXPECT_EQ(rule.when.headers[0].first, "x-team");
    EXPECT_EQ(rule.when.tokens_over, 10);
    EXPECT_EQ(rule.when.tokens_under, 20);
    EXPECT_EQ(rule.when.images, true);
    EXPECT_EQ(rule.when.subagent, false);
    ASSERT_EQ(rule.when.times.size(), 3u);
    EXPECT_EQ(rule.when.times[0].days, 0x1f);
    EXPECT_EQ(rule.when.times[0].to, 17 * 60 + 30);
    EXPECT_EQ(rule.when.times[1].days, 0x20);
    EXPECT_EQ(rule.when.times[2].from, 22 * 60);
    EXPECT_EQ(rule.use->model, "small");
    EXPECT_EQ(rule.fallback.size(), 1u);
    EXPECT_EQ(rule.patch.size(), 1u);
}

struct Wrong {
    const char* rule;
    const char* says;
};
class Ignored : public testing::TestWithParam<Wrong> {};

TEST_P(Ignored, WithTheFixNamed) {
    const Config config = ruled(GetParam().rule);
    EXPECT_THAT(config.routing.rules, IsEmpty());
    const Finding finding = found(config, "rule-ignored");
    EXPECT_THAT(finding.message, HasSubstr(GetParam().says));
    EXPECT_EQ(finding.place.line, 3);
    EXPECT_GT(finding.place.column, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Ignored,
    testing::Values(Wrong{"'p,big'", "should be an object"},
                    Wrong{"{use: 'p,big', whne: {}}", "did you mean when?"},
                    Wrong{"{when: {modle: 'x'}, use: 'p,big'}", "did you mean model?"},
                    Wrong{"{when: 'opus', use: 'p,big'}", "\"when\" should be an object"},
                    Wrong{"{when: {model: 3}, use: 'p,big'}", "text or a list of texts"},
                    Wrong{"{when: {scenario: 'thinkk'}, use: 'p,big'}", "did you mean think?"},
                    Wrong{"{when: {effort: 'huge'}, use: 'p,big'}", "write one of none"},
                    Wrong{"{when: {tokens_over: 'many'}, use: 'p,big'}", "a number of tokens"},
                    Wrong{"{when: {images: 'yes'}, use: 'p,big'}", "true or false"},
                    Wrong{"{when: {headers: 'x'}, use: 'p,big'}", "an object such as"},
                    Wrong{"{when: {time: '9-17'}, use: 'p,big'}", "\"22:00-06:00\""},
                    Wrong{"{when: {time: '09:00-25:00'}, use: 'p,big'}", "\"22:00-06:00\""},
                    Wrong{"{when: {time: 'moon-fri'}, use: 'p,big'}", "\"22:00-06:00\""},
                    Wrong{"{name: 'n', when: {}}", "nothing follows from it"},
                    Wrong{"{use: 'nobody'}", "\"use\" should be"},
                    Wrong{"{use: 'p,big', deny: 'no'}", "remove one of them"},
                    Wrong{"{deny: ''}", "message for the client"},
                    Wrong{"{deny: 'no', fallback: ['p,big']}", "no effect without \"use\""},
                    Wrong{"{patch: [{set: '/x'}]}", "one of its patches"}));

TEST(Rules, ADenialNeedsNoWords) {
    const Config config = ruled("{name: 'no pictures', when: {images: true}, deny: true}");
    EXPECT_THAT(config.routing.rules.at(0).deny, HasSubstr("no pictures"));
}

TEST(Rules, ThoseThatAreUnderstoodStay) {
    const Config config = ruled("{use: 'p,big', oops: 1}, {use: 'p,small'}");
    ASSERT_EQ(config.routing.rules.size(), 1u);
    EXPECT_EQ(config.routing.rules[0].name, "rule 2");
    EXPECT_TRUE(has(routed("rules: {}  , rules: 'x'"), "wrong-type"));
}

TEST(ModelNames, AliasesWildcardsAndSlots) {
    const Config config = routed(
        "models: {Fast: 'p,small', 'claude-haiku-*': 'p,small', opus: 'p,big'}, think: 'fast'");
    EXPECT_THAT(config.findings, IsEmpty());
    const auto& names = config.routing.models;
    ASSERT_EQ(names.size(), 3u);
    EXPECT_EQ(names[0].name, "fast");
    EXPECT_EQ(names[0].kind, ModelName::Kind::alias);
    EXPECT_EQ(names[1].kind, ModelName::Kind::wildcard);
    EXPECT_EQ(names[2].kind, ModelName::Kind::slot);
    EXPECT_EQ(config.routing.think->model, "small");
    EXPECT_TRUE(has(routed("models: {'a,b': 'p,big'}"), "invalid-value"));
    EXPECT_TRUE(has(routed("models: ['a']"), "wrong-type"));
    EXPECT_TRUE(has(routed("models: {a: 'q,big'}"), "no-such-provider"));
}

TEST(RouterKeys, ThinkStickinessAndReasons) {
    const Config config = routed(
        "thinkWhen: ['effort', 'any'], thinkKeywords: ['Megathink'], stickiness: 'strict', "
        "reasons: true, longContextThreshold: 0, longContextMinimum: 5");
    EXPECT_THAT(config.findings, IsEmpty());
    const Routing& routing = config.routing;
    EXPECT_TRUE(routing.think_when.effort);
    EXPECT_TRUE(routing.think_when.any);
    EXPECT_FALSE(routing.think_when.plan);
    EXPECT_THAT(routing.think_when.keywords, ElementsAre("megathink"));
    EXPECT_EQ(routing.stickiness, Stickiness::strict);
    EXPECT_TRUE(routing.show_reasons);
    EXPECT_EQ(routing.long_context_threshold, 0);
    EXPECT_EQ(routing.long_context_minimum, 5);
    EXPECT_TRUE(has(routed("stickiness: 'glue'"), "invalid-value"));
    EXPECT_TRUE(has(routed("thinkWhen: ['hard']"), "invalid-value"));
    EXPECT_TRUE(routed("").routing.think_when.plan);
    EXPECT_EQ(routed("").routing.stickiness, Stickiness::prefer);
}

}  // namespace
}  // namespace ccr::config
