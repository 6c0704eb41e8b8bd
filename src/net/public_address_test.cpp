// What a URL from a stranger may lead to, as addresses and as requests.
#include "net/public_address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

#include "net/client_loop_fixture.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::net {
namespace {

bool is_public(const char* text) {
    sockaddr_storage storage{};
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    else
        ADD_FAILURE() << text << " is no address";
    return is_public_address(*reinterpret_cast<const sockaddr*>(&storage));
}

TEST(PublicAddress, TheOpenInternet) {
    for (const char* address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1",
          "128.0.0.1", "169.253.255.255", "172.15.0.1", "172.32.0.1", "192.167.1.1",
          "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
          "2001:4860:4860::8888", "::ffff:1.1.1.1"})
        EXPECT_TRUE(is_public(address)) << address;
}

TEST(PublicAddress, EverythingElse) {
    for (const char* address : {"0.0.0.0",
                                "0.1.2.3",
                                "10.0.0.1",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.255",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.9",
                                "224.0.0.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::ffff:127.0.0.1",
                                "::ffff:169.254.169.254",
                                "::127.0.0.1",
                                "64:ff9b::7f00:1",
                                "64:ff9b:1::1",
                                "100::1",
                                "fc00::1",
                                "fd00:ec2::254",
                                "fe80::1",
                                "ff02::1",
                                "2001::1",
                                "2001:db8::1",
                                "2002:7f00:1::",
                                "3fff::1",
                                "4000::1"})
        EXPECT_FALSE(is_public(address)) << address;
}

TEST(PublicAddress, AGuardedRequestDoesNotReachThisMachine) {
    ScriptedUpstream upstream([](Peer& peer) {
        if (peer.read_head().empty()) return;
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    ClientLoop loop;
    ClientRequest request = get_request(upstream.url("/picture.png"));
    EXPECT_EQ(loop.fetch(request).body, "ok");  // and its connection is in the pool now
    request.public_only = true;
    const Fetched got = loop.fetch(request);
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::permission);
    EXPECT_THAT(got.error->message, testing::HasSubstr("not on the open internet"));
    EXPECT_EQ(got.body, "");
}

TEST(PublicAddress, AGuardedRequestGoesThroughNoProxy) {
    ClientLoop loop;
    ClientRequest request = get_request("http://pictures.invalid/picture.png");
    request.public_only = true;
    request.proxy = "http://127.0.0.1:9";
    const Fetched got = loop.fetch(request);
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::permission);
    EXPECT_THAT(got.error->message, testing::HasSubstr("proxy"));
}

}  // namespace
}  // namespace ccr::net
