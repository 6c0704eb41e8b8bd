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

TEST(MediaFetch, IsOnUnlessSwitchedOff) {
    EXPECT_TRUE(parsed("{}").media_fetch.enabled);
    EXPECT_FALSE(parsed("{media_fetch: false}").media_fetch.enabled);
    EXPECT_FALSE(parsed("{media_fetch: {enabled: false}}").media_fetch.enabled);
}

TEST(MediaFetch, HostsSizeAndTime) {
    const MediaFetch read = parsed(
                                "{media_fetch: {allowed_hosts: ['Wiki.Intra', '*.cdn', 'h:81'], "
                                "max_mb: 0.5, timeout_ms: 2000}}")
                                .media_fetch;
    EXPECT_THAT(read.allowed_hosts, ElementsAre("wiki.intra", "*.cdn", "h:81"));
    EXPECT_EQ(read.most_bytes, 512u << 10);
    EXPECT_EQ(read.time, 2s);
}

TEST(MediaFetch, WhatIsWrongIsFound) {
    const Config config = parsed("{media_fetch: {max_mb: 0, alowed_hosts: []}}");
    EXPECT_EQ(config.media_fetch.most_bytes, 10u << 20);
    EXPECT_TRUE(has(config, "invalid-value"));
    EXPECT_THAT(found(config, "unknown-key").message, testing::HasSubstr("allowed_hosts"));
}

}  // namespace
}  // namespace ccr::config
