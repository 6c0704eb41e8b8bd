#include "config/http_url.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace ccr::config {
namespace {

TEST(HttpUrl, Parts) {
    const auto url = parse_url("HTTPS://user:pa@ss@Host.Example.:8443/v1/x?key=a/b#f");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->user_info, "user:pa@ss");
    EXPECT_EQ(url->host, "host.example");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->path, "/v1/x");
    EXPECT_EQ(url->query, "key=a/b");
    EXPECT_EQ(shown(*url), "https://host.example:8443/v1/x");
}

TEST(HttpUrl, DefaultPortsAndAddresses) {
    EXPECT_EQ(parse_url("http://h")->port, 80);
    EXPECT_EQ(parse_url("https://h:/x")->port, 443);
    EXPECT_EQ(parse_url("socks5://h")->port, 1080);
    EXPECT_EQ(parse_url("http://[::1]:3456/a")->host, "::1");
    EXPECT_EQ(parse_url("http://[::1]:3456/a")->port, 3456);
    EXPECT_EQ(shown(*parse_url("http://[::1]/a")), "http://[::1]/a");
    EXPECT_EQ(parse_url("http://h?q")->path, "");
}

TEST(HttpUrl, Refused) {
    for (const char* text :
         {"", "h", "h:80", "http:/h", "://h", "http://", "http:///x", "http://h:99999",
          "http://h:x", "http://[::1", "http://[]", "http://[::1]x", "ht tp://h", "http://a b/",
          "1p://h", "http://h/\n"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

TEST(HttpUrl, Loopback) {
    for (const char* host : {"localhost", "LOCALHOST", "api.localhost", "127.0.0.1", "127.8.9.1",
                             "::1", "[::1]", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (const char* host : {"example.com", "0.0.0.0", "::", "10.0.0.1", "127.evil.com",
                             "localhost.com", "", "128.0.0.1"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
    EXPECT_TRUE(is_unspecified("0.0.0.0"));
    EXPECT_TRUE(is_unspecified("[::]"));
    EXPECT_FALSE(is_unspecified("127.0.0.1"));
}

TEST(ProtocolOfUrl, FollowsTheEndpoint) {
    EXPECT_EQ(protocol_of_url("https://a/v1/messages"), Protocol::anthropic);
    EXPECT_EQ(protocol_of_url("https://a/anthropic/v1/messages/?beta=true"), Protocol::anthropic);
    EXPECT_EQ(protocol_of_url("https://a/v1/responses"), Protocol::openai_responses);
    EXPECT_EQ(protocol_of_url("https://a/v1beta/models/"), Protocol::gemini);
    EXPECT_EQ(protocol_of_url("https://a/v1beta/models/x:streamGenerateContent"), Protocol::gemini);
    EXPECT_EQ(protocol_of_url("https://a/v1/chat/completions"), Protocol::openai_chat);
    EXPECT_EQ(protocol_of_url("https://messages/v1"), Protocol::openai_chat);
    EXPECT_EQ(protocol_of_url(""), Protocol::openai_chat);
}

}  // namespace
}  // namespace ccr::config
