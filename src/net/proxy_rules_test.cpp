#include "net/proxy_rules.h"

#include <gtest/gtest.h>

namespace ccr::net {
namespace {

Endpoint to(std::string_view url) {
    return endpoint_of(url).value();
}

TEST(ProxyRules, EndpointOfUrls) {
    EXPECT_EQ(to("https://API.Example.com/v1?key=x").text(), "api.example.com:443");
    EXPECT_EQ(to("http://user:p%40ss@host:8080/x").text(), "host:8080");
    EXPECT_EQ(to("http://a@b@host/x").host, "host");
    EXPECT_EQ(to("http://[::1]:99/x").text(), "[::1]:99");
    EXPECT_EQ(to("http://[::1]").port, 80);
    EXPECT_EQ(to("https://host?x=http://other:1").text(), "host:443");
    EXPECT_EQ(to("https://host#@other").host, "host");
    for (const char* bad : {"", "host", "://x", "http://", "http:///x", "http://:80", "http://h:0",
                            "http://h:65536", "http://h:8x", "http://[::1", "http://::1/"}) {
        EXPECT_FALSE(endpoint_of(bad).has_value()) << bad;
    }
}

TEST(ProxyRules, LoopbackHosts) {
    for (const char* host : {"localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1",
                             "127.255.1.2", "127.1", "0x7f000001", "2130706433", "::1", "[::1]",
                             "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "0.0.0.0", "::"}) {
        EXPECT_TRUE(is_loopback_host(host)) << host;
    }
    for (const char* host : {"", "localhost.example.com", "notlocalhost", "128.0.0.1", "10.0.0.1",
                             "::2", "fe80::1", "::ffff:10.0.0.1", "127.0.0.1.example.com"}) {
        EXPECT_FALSE(is_loopback_host(host)) << host;
    }
}

TEST(ProxyRules, Exemptions) {
    const Endpoint api = to("https://api.example.com");
    for (const char* list :
         {"*", "api.example.com", "example.com", ".example.com", "*.example.com", "EXAMPLE.com",
          "a,b, example.com", "a b example.com", "example.com:443", "com", "example.com.", ",*,"}) {
        EXPECT_TRUE(is_exempt(api, list)) << list;
    }
    for (const char* list : {"", ",", ".", "xample.com", "other.com", "example.com:80",
                             "sub.api.example.com", "10.0.0.0/8", "example.org,api.example.co"}) {
        EXPECT_FALSE(is_exempt(api, list)) << list;
    }
}

TEST(ProxyRules, ExemptAddresses) {
    const Endpoint four = to("http://10.1.2.3:8080");
    for (const char* list :
         {"10.1.2.3", "10.0.0.0/8", "10.1.2.0/25", "10.1.2.3:8080", "0.0.0.0/0", "10.1.2.3/32"}) {
        EXPECT_TRUE(is_exempt(four, list)) << list;
    }
    for (const char* list : {"10.1.2.4", "11.0.0.0/8", "10.1.2.128/25", "10.0.0.0/33", "10.0.0.0/x",
                             "10.0.0.0/", "3", "2.3", "fd00::/8", "::/0", "10.1.2.3:81"}) {
        EXPECT_FALSE(is_exempt(four, list)) << list;
    }
    const Endpoint six = to("http://[fd00::5]:80");
    for (const char* list : {"fd00::5", "[fd00::5]", "fd00::/8", "fd00:0:0::5", "[fd00::5]:80"}) {
        EXPECT_TRUE(is_exempt(six, list)) << list;
    }
    for (const char* list : {"fd00::6", "fe00::/8", "0.0.0.0/0", "[fd00::5]:81"}) {
        EXPECT_FALSE(is_exempt(six, list)) << list;
    }
}

TEST(ProxyRules, Choice) {
    ProxyEnvironment none;
    ProxyEnvironment set{"http://h:1", "http://s:2", "socks5://a:3", "exempt.test"};
    ProxyEnvironment all{"", "", "socks5://a:3", ""};
    EXPECT_EQ(choose_proxy(to("http://x.test"), "", none), "");
    EXPECT_EQ(choose_proxy(to("http://x.test"), "", set), "http://h:1");
    EXPECT_EQ(choose_proxy(to("https://x.test"), "", set), "http://s:2");
    EXPECT_EQ(choose_proxy(to("https://x.test"), "", all), "socks5://a:3");
    EXPECT_EQ(choose_proxy(to("https://x.test"), "direct", set), "");
    EXPECT_EQ(choose_proxy(to("https://x.test"), "http://own:9", set), "http://own:9");
    EXPECT_EQ(choose_proxy(to("https://api.exempt.test"), "http://own:9", set), "");
    EXPECT_EQ(choose_proxy(to("https://api.exempt.test"), "", set), "");
    for (const char* url : {"http://127.0.0.1:1", "http://localhost", "https://[::1]"}) {
        EXPECT_EQ(choose_proxy(to(url), "", set), "") << url;
        EXPECT_EQ(choose_proxy(to(url), "http://own:9", set), "") << url;
    }
}

TEST(ProxyRules, Schemes) {
    for (const char* good :
         {"http://p:1", "HTTPS://p", "socks5://u:p@p:1", "socks5h://p", "p.example:8080"}) {
        EXPECT_TRUE(is_proxy_scheme_known(good)) << good;
    }
    for (const char* bad : {"ftp://p", "pac+http://p", "://p"})
        EXPECT_FALSE(is_proxy_scheme_known(bad)) << bad;
}

}  // namespace
}  // namespace ccr::net
