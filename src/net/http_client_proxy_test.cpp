// Proxies: each kind, with and without credentials, the environment's rules, and loopback that
// takes none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/client_loop_fixture.h"
#include "net/test_certificate_fixture.h"
#include "net/test_proxy_fixture.h"

namespace ccr::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

void answer_ok(Peer& peer) {
    while (!peer.read_head().empty()) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

/// Sets variables of the environment for one test and puts the old ones back. The client reads them
/// when it is made, and no other thread of the test does.
class Environment {
  public:
    Environment(std::initializer_list<std::pair<const char*, std::string>> variables) {
        for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY", "no_proxy", "NO_PROXY", "HTTP_PROXY"}) {
            const char* value = ::getenv(name);
            old_.emplace_back(name,
                              value == nullptr ? std::optional<std::string>() : std::string(value));
            ::unsetenv(name);
        }
        for (const auto& [name, value] : variables) ::setenv(name, value.c_str(), 1);
    }
    ~Environment() {
        for (const auto& [name, value] : old_) {
            if (value)
                ::setenv(name, value->c_str(), 1);
            else
                ::unsetenv(name);
        }
    }

  private:
    std::vector<std::pair<const char*, std::optional<std::string>>> old_;
};

ClientRequest through(const std::string& proxy,
                      const std::string& url = "http://upstream.test/path?q=1") {
    ClientRequest request = get_request(url);
    request.proxy = proxy;
    return request;
}

class HttpClientProxy : public testing::Test {
  protected:
    TestProxy::Settings to_upstream(TestProxy::Kind kind, const std::string& credentials = "") {
        return {kind, upstream.port(), credentials, nullptr};
    }
    Environment clean{};
    ScriptedUpstream upstream{answer_ok};
};

TEST_F(HttpClientProxy, HttpProxyForHttp) {
    TestProxy proxy(to_upstream(TestProxy::Kind::http));
    ClientLoop loop;
    for (int i = 0; i < 2; ++i) {
        const Fetched got = loop.fetch(through("http://" + proxy.address()));
        ASSERT_FALSE(got.error) << got.error->message;
        EXPECT_EQ(got.body, "ok");
    }
    EXPECT_THAT(proxy.asked(),
                ElementsAre("GET http://upstream.test/path?q=1"));  // and the connection again
}

TEST_F(HttpClientProxy, ProxyWithoutAScheme) {
    TestProxy proxy(to_upstream(TestProxy::Kind::http));
    ClientLoop loop;
    EXPECT_EQ(loop.fetch(through(proxy.address())).body, "ok");
    EXPECT_EQ(proxy.asked().size(), 1u);
}

TEST_F(HttpClientProxy, HttpProxyForHttps) {
    const TestCertificate certificate;
    ScriptedUpstream tls_upstream(answer_ok, certificate.server());
    TestProxy::Settings settings;
    settings.to = tls_upstream.port();
    TestProxy proxy(settings);
    ClientLoop loop;
    ClientRequest request = through("http://" + proxy.address(), "https://upstream.test/secret");
    request.headers = {{"Authorization", "Bearer key"}};
    request.ca_file = certificate.certificate_file();
    const Fetched got = loop.fetch(request);
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.body, "ok");
    EXPECT_FALSE(got.headers.get("x-proxy-head"));
    EXPECT_THAT(proxy.asked(), ElementsAre("CONNECT upstream.test:443"));
    EXPECT_THAT(proxy.heads().at(0), Not(HasSubstr("key")));
}

TEST_F(HttpClientProxy, HttpsProxy) {
    const TestCertificate certificate;
    TestProxy::Settings settings = to_upstream(TestProxy::Kind::http);
    settings.tls = certificate.server();
    TestProxy proxy(settings);
    ClientLoop loop;
    ClientRequest request = through("https://" + proxy.address());
    request.ca_file = certificate.certificate_file();
    const Fetched got = loop.fetch(request);
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.body, "ok");
    EXPECT_EQ(proxy.asked().size(), 1u);
    request.ca_file = "";
    EXPECT_EQ(loop.fetch(request).error->kind, ErrorKind::upstream_unreachable);
}

TEST_F(HttpClientProxy, Credentials) {
    TestProxy proxy(to_upstream(TestProxy::Kind::http, "us@er:pass word"));
    ClientLoop loop;
    EXPECT_EQ(loop.fetch(through("http://us%40er:pass%20word@" + proxy.address())).body, "ok");
    for (const char* url : {"http://upstream.test/", "https://upstream.test/"}) {
        for (const char* credentials : {"", "us%40er:wrong-secret@"}) {
            const Fetched got =
                loop.fetch(through("http://" + (credentials + proxy.address()), url));
            ASSERT_TRUE(got.error) << got.status;
            EXPECT_EQ(got.error->kind, ErrorKind::upstream_unreachable);
            EXPECT_THAT(got.error->message, HasSubstr("407"));
            EXPECT_THAT(got.error->message, HasSubstr(proxy.address()));
            EXPECT_THAT(got.error->message, HasSubstr("upstream.test:"));
            EXPECT_THAT(got.error->message, Not(HasSubstr("secret")));
        }
    }
}

TEST_F(HttpClientProxy, Socks5) {
    for (const char* scheme : {"socks5h://", "socks5://"}) {
        TestProxy proxy(to_upstream(TestProxy::Kind::socks5));
        ClientLoop loop;
        // socks5 looks the name up itself, so it gets an address; socks5h leaves that to the proxy.
        const bool by_name = std::string(scheme) == "socks5h://";
        const std::string host = by_name ? "upstream.test" : "192.0.2.7";
        const Fetched got =
            loop.fetch(through(scheme + proxy.address(), "http://" + host + ":8081/x"));
        ASSERT_FALSE(got.error) << got.error->message;
        EXPECT_EQ(got.body, "ok");
        EXPECT_THAT(proxy.asked(), ElementsAre("socks5 " + host + ":8081"));
    }
}

TEST_F(HttpClientProxy, Socks5Credentials) {
    TestProxy proxy(to_upstream(TestProxy::Kind::socks5, "user:pass"));
    ClientLoop loop;
    EXPECT_EQ(loop.fetch(through("socks5h://user:pass@" + proxy.address())).body, "ok");
    const Fetched got = loop.fetch(through("socks5h://user:wrong@" + proxy.address()));
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::upstream_unreachable);
    EXPECT_THAT(got.error->message, HasSubstr("proxy " + proxy.address()));
    EXPECT_THAT(got.error->message, Not(HasSubstr("wrong")));
}

TEST_F(HttpClientProxy, AProxyThatRefuses) {
    TestProxy http({});
    TestProxy socks({TestProxy::Kind::socks5, 0, "", nullptr});
    ClientLoop loop;
    for (const std::string& proxy : {"http://" + http.address(), "socks5h://" + socks.address()}) {
        const Fetched got = loop.fetch(through(proxy, "https://upstream.test/"));
        ASSERT_TRUE(got.error);
        EXPECT_EQ(got.error->kind, ErrorKind::upstream_unreachable);
        EXPECT_THAT(got.error->message, HasSubstr("proxy 127.0.0.1:"));
        EXPECT_THAT(got.error->message, HasSubstr("upstream.test:443"));
    }
    EXPECT_THAT(
        loop.fetch(through("http://" + http.address(), "https://upstream.test/")).error->message,
        HasSubstr("503"));
}

TEST_F(HttpClientProxy, AProxyThatIsNotThere) {
    std::uint16_t port = 0;
    ::close(listen_on_any(port));
    ClientLoop loop;
    for (const char* scheme : {"http", "socks5h"}) {
        const std::string address = "127.0.0.1:" + std::to_string(port);
        const Error error =
            *loop.fetch(through(std::string(scheme) + "://u:secret@" + address)).error;
        EXPECT_EQ(error.kind, ErrorKind::upstream_unreachable);
        EXPECT_THAT(error.message, HasSubstr("proxy " + address));
        EXPECT_THAT(error.message, Not(HasSubstr("secret")));
    }
    const Error error = *loop.fetch(through("http://nonexistent.invalid:1")).error;
    EXPECT_EQ(error.kind, ErrorKind::upstream_unreachable);
    EXPECT_THAT(error.message, HasSubstr("proxy nonexistent.invalid:1"));
}

TEST_F(HttpClientProxy, TheEnvironmentDecides) {
    TestProxy proxy(to_upstream(TestProxy::Kind::http));
    TestProxy socks(to_upstream(TestProxy::Kind::socks5));
    const Environment environment{{"http_proxy", "http://" + proxy.address()},
                                  {"ALL_PROXY", "socks5h://" + socks.address()},
                                  {"NO_PROXY", "exempt.invalid"}};
    ClientLoop loop;
    EXPECT_EQ(loop.fetch(through("")).body, "ok");
    EXPECT_EQ(proxy.asked().size(), 1u);
    // https has no variable of its own here, so ALL_PROXY counts; the plain upstream then fails the
    // handshake.
    ClientRequest tls = through("", "https://upstream.test/");
    tls.connect_time = std::chrono::milliseconds(200);
    EXPECT_TRUE(loop.fetch(tls).error);
    EXPECT_THAT(socks.asked(), ElementsAre("socks5 upstream.test:443"));
    EXPECT_THAT(loop.fetch(through("", "http://api.exempt.invalid/")).error->message,
                HasSubstr("DNS"));
    EXPECT_THAT(loop.fetch(through("direct", "http://direct.invalid/")).error->message,
                HasSubstr("DNS"));
    EXPECT_EQ(proxy.asked().size(), 1u);
}

TEST_F(HttpClientProxy, NoProxyHoldsForAConfiguredProxyToo) {
    TestProxy proxy(to_upstream(TestProxy::Kind::http));
    const Environment environment{{"no_proxy", ".exempt.invalid"}};
    ClientLoop loop;
    EXPECT_EQ(loop.fetch(through("http://" + proxy.address())).body, "ok");
    EXPECT_THAT(loop.fetch(through("http://" + proxy.address(), "http://api.exempt.invalid/"))
                    .error->message,
                HasSubstr("DNS"));
    EXPECT_EQ(proxy.asked().size(), 1u);
}

TEST_F(HttpClientProxy, LoopbackTakesNoProxy) {
    TestProxy proxy({});
    const std::string address = "http://" + proxy.address();
    const Environment environment{
        {"http_proxy", address}, {"https_proxy", address}, {"all_proxy", address}};
    ClientLoop loop;
    const std::string port = std::to_string(upstream.port());
    for (const std::string& configured : {std::string(), address}) {
        for (const std::string host : {"127.0.0.1:", "localhost:"}) {
            const Fetched got = loop.fetch(through(configured, "http://" + host + port + "/"));
            ASSERT_FALSE(got.error) << host << got.error->message;
            EXPECT_EQ(got.body, "ok");
        }
    }
    EXPECT_THAT(proxy.asked(), IsEmpty());
}

}  // namespace
}  // namespace ccr::net
