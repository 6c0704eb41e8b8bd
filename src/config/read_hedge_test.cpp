#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;
using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::ElementsAre;
using testing::HasSubstr;

Config hedged(const std::string& hedge, const std::string& fallback = "{background: 'q,m'}") {
    return parsed(
        "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k-1',"
        " models: ['m']}, {name: 'q', api_base_url: 'http://i/v1/messages', api_key: 'k-2',"
        " models: ['m']}], Router: {default: 'p,m'}, fallback: " +
        fallback + ", hedge: " + hedge + "}");
}

TEST(Hedge, OffUnlessAskedFor) {
    EXPECT_FALSE(parsed("{}").hedge);
    for (const char* off : {"null", "false"}) EXPECT_FALSE(hedged(off).hedge) << off;
    const Config usual = hedged("true");
    ASSERT_TRUE(usual.hedge);
    EXPECT_EQ(usual.hedge->after, 2s);
    EXPECT_EQ(usual.hedge->most_tokens, 8000);
    EXPECT_THAT(usual.hedge->scenarios, ElementsAre("background"));
    EXPECT_TRUE(usual.findings.empty());
}

TEST(Hedge, ItsMembers) {
    const Config config =
        hedged("{after_ms: 0, max_input_tokens: '500', scenarios: ['long_context', 'background']}");
    ASSERT_TRUE(config.hedge);
    EXPECT_EQ(config.hedge->after, 0ms);
    EXPECT_EQ(config.hedge->most_tokens, 500);
    EXPECT_THAT(config.hedge->scenarios, ElementsAre("longContext", "background"));
    EXPECT_TRUE(config.findings.empty());
    EXPECT_EQ(hedged("{after_ms: 350}").hedge->after, 350ms);
}

TEST(Hedge, WhatIsWrongIsToldAndTheUsualIsUsed) {
    for (const char* text :
         {"{after_ms: -5}", "{max_input_tokens: 0}", "{max_input_tokens: 2.5}"}) {
        const Config config = hedged(text);
        EXPECT_TRUE(has(config, "invalid-value")) << text;
        EXPECT_EQ(config.hedge->after, 2s) << text;
        EXPECT_EQ(config.hedge->most_tokens, 8000) << text;
    }
    EXPECT_TRUE(has(hedged("[1]"), "wrong-type"));
    EXPECT_THAT(found(hedged("{after: 5}"), "unknown-key").message, HasSubstr("after_ms"));
    EXPECT_THAT(found(hedged("{scenarios: ['backgroun']}"), "invalid-value").message,
                HasSubstr("background"));
}

TEST(Hedge, WithoutASecondTargetItHasNoEffect) {
    EXPECT_TRUE(has(hedged("true", "{}"), "hedge-without-fallback"));
    EXPECT_TRUE(has(hedged("{after_ms: 5}", "{default: 'q,m'}"), "hedge-without-fallback"));
    EXPECT_FALSE(
        has(hedged("{scenarios: 'default'}", "{default: 'q,m'}"), "hedge-without-fallback"));
}

}  // namespace
}  // namespace ccr::config
