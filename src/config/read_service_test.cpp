#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;
using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::HasSubstr;

TEST(Logging, OnlyTheWordFalseSwitchesItOff) {
    EXPECT_TRUE(parsed("{}").logging.to_file);
    EXPECT_TRUE(parsed("{LOG: true}").logging.to_file);
    EXPECT_TRUE(parsed("{LOG: null}").logging.to_file);
    EXPECT_FALSE(parsed("{LOG: false}").logging.to_file);
    for (const char* text : {"{LOG: 'false'}", "{LOG: 0}"}) {
        const Config config = parsed(text);
        EXPECT_TRUE(config.logging.to_file) << text;
        EXPECT_THAT(found(config, "wrong-type").message, HasSubstr("false without quotes"));
    }
}

TEST(Logging, Level) {
    EXPECT_EQ(parsed("{}").logging.level, "info");
    EXPECT_EQ(parsed("{LOG_LEVEL: 'DEBUG'}").logging.level, "debug");
    const Config config = parsed("{LOG_LEVEL: 'wran'}");
    EXPECT_EQ(config.logging.level, "info");
    EXPECT_THAT(found(config, "invalid-value").message, HasSubstr("did you mean warn?"));
}

TEST(Launching, ClaudePath) {
    const fixture::Variables variables{{"CLAUDE_PATH", "/env/claude"}, {"HOME", "/home/u"}};
    EXPECT_EQ(parsed("{}").launch.claude_path, "claude");
    EXPECT_EQ(parsed("{}", variables).launch.claude_path, "/env/claude");
    EXPECT_EQ(parsed("{CLAUDE_PATH: '/x'}", variables).launch.claude_path, "/x");
    EXPECT_EQ(parsed("{CLAUDE_PATH: '~/bin/claude'}", variables).launch.claude_path,
              "/home/u/bin/claude");
}

TEST(Launching, FlagsAndStatusLine) {
    EXPECT_FALSE(parsed("{}").launch.non_interactive);
    EXPECT_TRUE(parsed("{NON_INTERACTIVE_MODE: true}").launch.non_interactive);
    EXPECT_TRUE(parsed("{NON_INTERACTIVE_MODE: 'true'}").launch.non_interactive);
    EXPECT_FALSE(parsed("{NON_INTERACTIVE_MODE: 'false'}").launch.non_interactive);
    EXPECT_TRUE(has(parsed("{NON_INTERACTIVE_MODE: 'perhaps'}"), "wrong-type"));
    const Launch launch = parsed("{StatusLine: {enabled: true, b: [1]}}").launch;
    EXPECT_TRUE(launch.status_line_enabled);
    EXPECT_EQ(launch.status_line, R"({"enabled":true,"b":[1]})");
    EXPECT_FALSE(parsed("{StatusLine: {}}").launch.status_line_enabled);
    EXPECT_TRUE(has(parsed("{StatusLine: 'x'}"), "wrong-type"));
}

TEST(BodyLimit, InMegabytes) {
    EXPECT_EQ(parsed("{}").body_limit, 64u << 20);
    EXPECT_EQ(parsed("{MAX_BODY_MB: 2}").body_limit, 2u << 20);
    EXPECT_EQ(parsed("{MAX_BODY_MB: '0.5'}").body_limit, 512u << 10);
    for (const char* text :
         {"{MAX_BODY_MB: 0}", "{MAX_BODY_MB: -1}", "{MAX_BODY_MB: 1e9}", "{MAX_BODY_MB: NaN}"}) {
        const Config config = parsed(text);
        EXPECT_EQ(config.body_limit, 64u << 20) << text;
        EXPECT_TRUE(has(config, "invalid-value")) << text;
    }
}

TEST(Deadlines, Defaults) {
    const Timeouts timeouts = parsed("{}").timeouts;
    EXPECT_EQ(timeouts.connect, 10s);
    EXPECT_EQ(timeouts.first_event, 600s);
    EXPECT_EQ(timeouts.idle, 600s);
    EXPECT_EQ(timeouts.total, std::nullopt);
    EXPECT_EQ(parsed("{}").launch.api_timeout_ms, "600000");
}

TEST(Deadlines, ApiTimeoutIsTheDefaultOfTwo) {
    for (const char* text : {"{API_TIMEOUT_MS: 5000}", "{API_TIMEOUT_MS: '5000'}"}) {
        const Config config = parsed(text);
        EXPECT_EQ(config.timeouts.first_event, 5s);
        EXPECT_EQ(config.timeouts.idle, 5s);
        EXPECT_EQ(config.timeouts.connect, 10s);
        EXPECT_EQ(config.launch.api_timeout_ms, "5000");
    }
    const Timeouts own =
        parsed("{API_TIMEOUT_MS: 5000, timeouts: {connect_ms: 1, idle_ms: '2', total_ms: 3}}")
            .timeouts;
    EXPECT_EQ(own.connect, 1ms);
    EXPECT_EQ(own.first_event, 5s);
    EXPECT_EQ(own.idle, 2ms);
    EXPECT_EQ(own.total, 3ms);
}

TEST(Deadlines, WrongOnesAreReported) {
    for (const char* text :
         {"{API_TIMEOUT_MS: 0}", "{API_TIMEOUT_MS: -1}", "{API_TIMEOUT_MS: 1e20}",
          "{timeouts: {total_ms: 0}}", "{timeouts: {idle_ms: NaN}}"}) {
        const Config config = parsed(text);
        EXPECT_TRUE(has(config, "invalid-value")) << text;
        EXPECT_EQ(config.timeouts.idle, 600s) << text;
        EXPECT_EQ(config.timeouts.total, std::nullopt) << text;
    }
    EXPECT_TRUE(has(parsed("{API_TIMEOUT_MS: 'soon'}"), "wrong-type"));
    EXPECT_TRUE(has(parsed("{timeouts: 5}"), "wrong-type"));
    EXPECT_THAT(found(parsed("{timeouts: {idle: 5}}"), "unknown-key").message,
                HasSubstr("did you mean idle_ms?"));
}

TEST(Proxy, SpellingsInTheOrderOfTheReference) {
    EXPECT_EQ(parsed("{PROXY_URL: 'http://p:1'}").proxy, "http://p:1");
    EXPECT_EQ(parsed("{PROXY_URL: 'http://p:1', httpsProxy: 'http://p:2'}").proxy, "http://p:2");
    EXPECT_EQ(parsed("{httpsProxy: 'http://p:2', https_proxy: 'http://p:3'}").proxy, "http://p:3");
    EXPECT_EQ(parsed("{https_proxy: 'http://p:3', HTTPS_PROXY: 'socks5://p:4'}").proxy,
              "socks5://p:4");
    EXPECT_EQ(parsed("{HTTPS_PROXY: '', PROXY_URL: 'http://p:1'}").proxy, "http://p:1");
    EXPECT_EQ(parsed("{PROXY_URL: 'p:1'}").proxy, "http://p:1");
    EXPECT_EQ(parsed("{PROXY_URL: '$P'}", {{"P", "http://p:9"}}).proxy, "http://p:9");
    EXPECT_EQ(parsed("{}").proxy, "");
}

TEST(Proxy, WrongOnesAreIgnoredWithAFinding) {
    const Config self = parsed("{PROXY_URL: 'http://127.0.0.1:3456'}");
    EXPECT_EQ(self.proxy, "");
    EXPECT_EQ(found(self, "self-proxy").severity, Severity::error);
    EXPECT_TRUE(has(parsed("{PORT: 80, PROXY_URL: 'http://localhost'}"), "self-proxy"));
    EXPECT_FALSE(has(parsed("{PROXY_URL: 'http://127.0.0.1:7890'}"), "self-proxy"));
    EXPECT_TRUE(has(parsed("{PROXY_URL: 'ftp://p'}"), "invalid-value"));
    EXPECT_TRUE(has(parsed("{PROXY_URL: 'http://'}"), "invalid-value"));
    const Config unresolved = parsed("{PROXY_URL: '$P'}");
    EXPECT_EQ(unresolved.proxy, "");
    EXPECT_EQ(found(unresolved, "unresolved-variable").severity, Severity::warning);
}

}  // namespace
}  // namespace ccr::config
