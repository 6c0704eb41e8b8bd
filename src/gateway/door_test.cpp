#include "gateway/door.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

constexpr std::uint16_t kPort = 3456;

net::RequestHead head_with(std::initializer_list<std::pair<std::string, std::string>> fields) {
    net::RequestHead head;
    head.method = "POST";
    head.path = "/v1/messages";
    head.local = "192.168.1.5:3456";
    for (const auto& [name, value] : fields) head.headers.add(name, value);
    return head;
}

TEST(Door, OurOwnNamesPass) {
    const config::Config config;
    for (const char* host : {"localhost", "localhost:3456", "LOCALHOST:9", "127.0.0.1:3456",
                             "127.1.2.3", "[::1]:3456", "192.168.1.5:3456", "localhost."}) {
        EXPECT_TRUE(check_names(head_with({{"host", host}}), config, kPort)) << host;
    }
}

TEST(Door, AForeignHostIsRefusedAndTheKeyNamed) {
    const config::Config config;
    for (const char* host : {"evil.example", "evil.example:3456", "localhost.evil.example",
                             "1270.0.0.1.example", "192.168.1.6"}) {
        const auto verdict = check_names(head_with({{"host", host}}), config, kPort);
        ASSERT_FALSE(verdict) << host;
        EXPECT_EQ(verdict.error().status, 403);
        EXPECT_NE(verdict.error().message.find("ALLOWED_HOSTS"), std::string::npos);
    }
}

TEST(Door, AllowedHostsPass) {
    config::Config config;
    config.access.allowed_hosts = {"Router.Local"};
    EXPECT_TRUE(check_names(head_with({{"host", "router.local:80"}}), config, kPort));
    config.access.allowed_hosts = {"*"};
    EXPECT_TRUE(check_names(head_with({{"host", "anything.example"}}), config, kPort));
}

TEST(Door, OnlyPagesOfOursMayCall) {
    config::Config config;
    const auto with_origin = [](const char* origin) {
        return head_with({{"host", "localhost:3456"}, {"origin", origin}});
    };
    EXPECT_TRUE(check_names(with_origin("http://127.0.0.1:3456"), config, kPort));
    EXPECT_TRUE(check_names(with_origin("http://localhost:3456"), config, kPort));
    for (const char* origin : {"http://localhost:3000", "https://evil.example", "null",
                               "http://127.0.0.1.evil.example:3456", "http://localhost:34567"}) {
        const auto verdict = check_names(with_origin(origin), config, kPort);
        ASSERT_FALSE(verdict) << origin;
        EXPECT_NE(verdict.error().message.find("ALLOWED_ORIGINS"), std::string::npos);
    }
    config.access.allowed_origins = {"https://Evil.example"};
    EXPECT_TRUE(check_names(with_origin("https://evil.example"), config, kPort));
}

TEST(Door, ACrossSiteFetchWithoutOriginIsRefused) {
    const config::Config config;
    EXPECT_FALSE(check_names(head_with({{"host", "localhost"}, {"sec-fetch-site", "cross-site"}}),
                             config, kPort));
    EXPECT_TRUE(
        check_names(head_with({{"host", "localhost"}, {"sec-fetch-site", "none"}}), config, kPort));
}

TEST(Door, TheUnixSocketHasNoNames) {
    net::RequestHead head = head_with({{"host", "evil.example"}});
    head.over_unix_socket = true;
    EXPECT_TRUE(check_names(head, config::Config(), kPort));
}

TEST(Door, KeysByEitherHeader) {
    config::Access access;
    EXPECT_TRUE(check_key(head_with({}), access)) << "without APIKEY nothing is asked";
    access.api_key = "right-key";
    EXPECT_TRUE(check_key(head_with({{"x-api-key", "right-key"}}), access));
    EXPECT_TRUE(check_key(head_with({{"authorization", "Bearer right-key"}}), access));
    EXPECT_TRUE(check_key(head_with({{"authorization", "bearer   right-key"}}), access));
    EXPECT_TRUE(check_key(
        head_with({{"x-api-key", "wrong"}, {"authorization", "Bearer right-key"}}), access));
    for (const char* value :
         {"Bearer wrong", "Bearerright-key", "right-key", "Basic right-key", "Bearer ", ""}) {
        const auto verdict = check_key(head_with({{"authorization", value}}), access);
        ASSERT_FALSE(verdict) << value;
        EXPECT_EQ(verdict.error().status, 401);
    }
    EXPECT_FALSE(check_key(head_with({{"x-api-key", "right-ke"}}), access));
    EXPECT_FALSE(check_key(head_with({}), access));
}

TEST(Door, KeysWhereGeminisClientsPutThem) {
    config::Access access;
    access.api_key = "right/key+1";
    EXPECT_TRUE(check_key(head_with({{"x-goog-api-key", "right/key+1"}}), access));
    EXPECT_FALSE(check_key(head_with({{"x-goog-api-key", "right/key"}}), access));
    net::RequestHead head = head_with({});
    for (const char* query : {"key=right%2Fkey%2B1", "alt=sse&key=right/key%2b1"}) {
        head.query = query;
        EXPECT_TRUE(check_key(head, access)) << query;
    }
    for (const char* query : {"key=", "key", "key=wrong", "apikey=right/key+1", "x=key=right"}) {
        head.query = query;
        EXPECT_FALSE(check_key(head, access)) << query;
    }
    head.query = "key=wrong";
    head.headers.add("authorization", "Bearer right/key+1");
    EXPECT_TRUE(check_key(head, access)) << "Authorization opens everywhere";
}

TEST(Door, TheRefusalDoesNotRepeatTheKey) {
    config::Access access;
    access.api_key = "right-key";
    const auto verdict = check_key(head_with({{"x-api-key", "guessed-secret"}}), access);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().message.find("guessed-secret"), std::string::npos);
    EXPECT_EQ(verdict.error().message.find("right-key"), std::string::npos);
}

}  // namespace
}  // namespace ccr::gateway
