#include "net/direct_route.h"

#include <gtest/gtest.h>

namespace ccr::net {
namespace {

ClientRequest to(std::string url) {
    ClientRequest request;
    request.url = std::move(url);
    return request;
}

TEST(DirectRoute, TakesPlainRequestsToAddresses) {
    const auto route = direct_route(to("http://127.0.0.1:80?a=b"), {});
    ASSERT_TRUE(route);
    EXPECT_EQ(route->endpoint, "127.0.0.1:80");
    EXPECT_EQ(route->host, "127.0.0.1");
    EXPECT_EQ(route->target, "/?a=b");
    ASSERT_EQ(route->addresses.size(), 1u);
    EXPECT_EQ(route->addresses[0].port(), 80);

    const auto six = direct_route(to("http://[fd00::1]:8080/a/../b"), {});
    ASSERT_TRUE(six);
    EXPECT_EQ(six->host, "[fd00::1]:8080");
    EXPECT_EQ(six->target, "/a/../b");
    EXPECT_TRUE(six->addresses[0].address().is_v6());
}

TEST(DirectRoute, LocalhostHasTwoAddresses) {
    const auto route = direct_route(to("http://LocalHost:11434/v1"), {});
    ASSERT_TRUE(route);
    ASSERT_EQ(route->addresses.size(), 2u);
    EXPECT_TRUE(route->addresses[0].address().is_loopback());
    EXPECT_TRUE(route->addresses[1].address().is_loopback());
    EXPECT_EQ(route->host, "LocalHost:11434");
}

TEST(DirectRoute, LeavesTheRestToLibcurl) {
    for (const char* url :
         {"https://127.0.0.1/", "http://host.test/", "http://user:pass@127.0.0.1/",
          "http://127.0.0.1/a b", "http://127.0.0.1/#x", "http://127.0.0.1/\xC3\xBC",
          "http://127.1/", "http://[fe80::1%25eth0]/", "http:///", "127.0.0.1", ""}) {
        EXPECT_FALSE(direct_route(to(url), {})) << url;
    }
    ClientRequest request = to("http://192.168.0.9/");
    EXPECT_TRUE(direct_route(request, {}));
    EXPECT_FALSE(
        direct_route(request, {.http = "http://proxy:1", .https = "", .all = "", .no_proxy = ""}));
    EXPECT_TRUE(direct_route(
        request, {.http = "http://proxy:1", .https = "", .all = "", .no_proxy = "192.168.0.0/16"}));
    request.proxy = "socks5://proxy:1";
    EXPECT_FALSE(direct_route(request, {}));
    request.proxy = "direct";
    EXPECT_TRUE(direct_route(request, {}));
    request.http2 = true;
    EXPECT_FALSE(direct_route(request, {}));
    request.http2 = false;
    request.public_only = true;
    EXPECT_FALSE(direct_route(request, {}));
}

TEST(DirectRoutes, RequestsToOneAddressShareOneRoute) {
    DirectRoutes routes({});
    const auto first = routes.of(to("http://127.0.0.1:1/a"));
    ASSERT_TRUE(first);
    EXPECT_EQ(routes.of(to("http://127.0.0.1:1/a")), first);
    const auto other = routes.of(to("http://127.0.0.1:1/b"));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->target, "/b");
    EXPECT_EQ(routes.of(to("http://127.0.0.1:1/a")), first);
}

TEST(DirectRoutes, AskEachTimeWhoseTheRequestIs) {
    DirectRoutes routes({});
    ClientRequest request = to("http://192.168.0.9/");
    EXPECT_TRUE(routes.of(request));
    request.proxy = "http://proxy:1";
    EXPECT_FALSE(routes.of(request));
    EXPECT_FALSE(routes.of(request)) << "known by now";
    request.proxy = "";
    EXPECT_TRUE(routes.of(request));
    request.http2 = true;
    EXPECT_FALSE(routes.of(request));
    request.http2 = false;
    request.public_only = true;
    EXPECT_FALSE(routes.of(request));
}

TEST(DirectRoutes, OfManyTheLatestAreKnown) {
    DirectRoutes routes({});
    const auto of_port = [&routes](int port) {
        return routes.of(to("http://127.0.0.1:" + std::to_string(port) + "/"));
    };
    std::vector<DirectRoutes::Route> held;
    for (int port = 1; port <= 20; ++port) {
        held.push_back(of_port(port));
        ASSERT_TRUE(held.back());
        EXPECT_EQ(held.back()->addresses.front().port(), port);
    }
    EXPECT_EQ(of_port(20), held[19]);
    EXPECT_NE(of_port(1), held[0]) << "made anew";
    EXPECT_EQ(of_port(1)->addresses.front().port(), 1);
}

TEST(DirectRoutes, WhatIsLibcurlsTakesNoPlace) {
    DirectRoutes routes({});
    const auto local = routes.of(to("http://127.0.0.1:1/"));
    for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(routes.of(to("https://host.test/" + std::to_string(i))));
    EXPECT_EQ(routes.of(to("http://127.0.0.1:1/")), local);
}

}  // namespace
}  // namespace ccr::net
