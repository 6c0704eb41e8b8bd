#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"
#include "config/fetch_keys.h"
#include "config/key_command.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;
using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::HasSubstr;

TEST(Limits, NumbersAndTheirBounds) {
    EXPECT_EQ(parsed("{}").limits.per_provider, 0u);
    EXPECT_EQ(parsed("{}").drain, 10s);
    const Config config = parsed(
        "{drain_ms: 250, limits: {per_client: 2, per_provider: '3', queue: 0, queue_ms: 40,"
        " buffered_mb: 0.5}}");
    EXPECT_EQ(config.drain, 250ms);
    EXPECT_EQ(config.limits.per_client, 2u);
    EXPECT_EQ(config.limits.per_provider, 3u);
    EXPECT_EQ(config.limits.queue, 0u);
    EXPECT_EQ(config.limits.queue_time, 40ms);
    EXPECT_EQ(config.limits.buffered, 512u << 10);
    EXPECT_EQ(parsed("{drain_ms: 99999999}").drain, 1h);
    for (const char* text : {"{limits: {per_client: -1}}", "{limits: {queue: 1.5}}",
                             "{limits: {buffered_mb: -1}}", "{drain_ms: 0}"}) {
        EXPECT_TRUE(has(parsed(text), "invalid-value")) << text;
    }
    EXPECT_TRUE(has(parsed("{limits: 7}"), "wrong-type"));
    EXPECT_THAT(found(parsed("{limits: {per_providr: 7}}"), "unknown-key").message,
                HasSubstr("per_provider"));
}

TEST(Limits, AProvidersOwnNumber) {
    const Config config = fixture::with_provider(
        "{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k-123', models: ['m'],"
        " max_concurrent: 4}");
    EXPECT_EQ(config.providers.front().most_requests, 4u);
}

Config with_source(const std::string& source) {
    return fixture::with_provider(
        "{name: 'p', api_base_url: 'http://h/v1/messages', models: ['m'], " + source + "}");
}

TEST(FetchKeys, CommandsRunOnlyWhenAsked) {
    Config config = with_source("api_key_command: 'echo k-from-command'");
    EXPECT_FALSE(config.providers.front().broken);
    EXPECT_EQ(config.providers.front().api_key, "");
    fetch_keys(config);
    EXPECT_EQ(config.providers.front().api_key, "k-from-command");
    EXPECT_THAT(config.secrets, testing::Contains("k-from-command"));
}

TEST(FetchKeys, AKeyThatCannotBeHadBreaksItsProvider) {
    for (const char* source :
         {"api_key_command: 'exit 3'", "api_key_command: 'true'", "api_key_file: '/nowhere/key'"}) {
        Config config = with_source(source);
        fetch_keys(config);
        ASSERT_TRUE(config.providers.front().broken) << source;
        EXPECT_THAT(config.providers.front().broken->message, HasSubstr("of provider p"));
        EXPECT_TRUE(has(config, "no-key"));
    }
}

TEST(KeyCommand, EndsWithItsTime) {
    const auto slow = run_key_command("sleep 20", 50ms);
    ASSERT_FALSE(slow);
    EXPECT_THAT(slow.error().message, HasSubstr("50 ms"));
    EXPECT_FALSE(run_key_command("head -c 200000 /dev/zero", 5s));
    EXPECT_EQ(run_key_command("printf %s \"$0\"", 5s).value_or(""), "sh");
}

}  // namespace
}  // namespace ccr::config
