// HTTP/2: the pool, streams that break, and cancelling, which the upstream sees within 50 ms, alone
// and beside another stream that goes on unharmed.
#include <gtest/gtest.h>

#include "net/client_loop_fixture.h"
#include "net/end_watch_fixture.h"
#include "net/h2_upstream_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class HttpClientHttp2 : public testing::TestWithParam<H2Upstream::Transport> {
  protected:
    void SetUp() override {
        if (!H2Upstream::possible())
            GTEST_SKIP() << "node is not installed: no HTTP/2 upstream to test with";
    }
    ClientRequest request(const H2Upstream& upstream, const std::string& path) const {
        ClientRequest out = get_request(upstream.url(path));
        out.http2 = true;
        out.ca_file = certificate.certificate_file();
        return out;
    }
    const TestCertificate certificate;
};

/// Cancels and returns how long the upstream took to see it, in ms.
double time_cancel(H2Upstream& upstream, std::unique_ptr<ClientResponse>& response,
                   const std::string& path, How how) {
    const auto before = steady_clock::now();
    cancel(response, how);
    const auto seen = upstream.wait_closed(path, 3s);
    return seen ? milliseconds(*seen - before) : 1e9;
}

TEST_P(HttpClientHttp2, Alone) {
    H2Upstream upstream(certificate, GetParam());
    ClientLoop loop;
    for (const std::string kind : {"/endless", "/quiet"}) {
        const double late = promptest([&](int attempt) {
            const std::string path = kind + "?" + std::to_string(attempt);
            auto response = loop.start(request(upstream, path));
            EXPECT_EQ(loop.status(*response).value(), 200);
            EXPECT_TRUE(loop.next(*response));
            return time_cancel(upstream, response, path, How::destroy);
        });
        EXPECT_LT(late, kMostMilliseconds);
        std::printf("  HTTP/2 alone, %s: the upstream saw the end after %.2f ms\n", kind.c_str(),
                    late);
    }
}

TEST_P(HttpClientHttp2, BesideAnother) {
    H2Upstream upstream(certificate, GetParam());
    ClientLoop loop;
    // A finished transfer first, so that a connection is there to be shared.
    ASSERT_EQ(loop.fetch(request(upstream, "/finite?0")).status, 200);
    for (const std::string sibling : {"/quiet", "/finite"}) {
        const double late = promptest([&](int attempt) {
            const std::string number = "?" + std::to_string(attempt + 1);
            const auto other = loop.start(request(upstream, sibling + number));
            EXPECT_TRUE(loop.next(*other));
            const std::string path = "/endless" + number + sibling;
            auto response = loop.start(request(upstream, path));
            EXPECT_TRUE(loop.next(*response));
            const double time = time_cancel(upstream, response, path, How::abort);
            if (sibling == "/finite") {
                const Fetched rest = loop.rest(*other);
                EXPECT_FALSE(rest.error);
                EXPECT_TRUE(rest.body.ends_with("line 1\nlast\n")) << rest.body;
                EXPECT_TRUE(upstream.wait_closed("/finite" + number, 3s));
                EXPECT_EQ(upstream.count("closed /finite" + number + " 0 true"), 1);
            }
            return time;
        });
        EXPECT_LT(late, kMostMilliseconds);
        std::printf("  HTTP/2 beside %s: the upstream saw the end after %.2f ms\n", sibling.c_str(),
                    late);
    }
}

TEST_P(HttpClientHttp2, APausedReaderDoesNotStopAnother) {
    H2Upstream upstream(certificate, GetParam());
    ClientLoop loop;
    ASSERT_EQ(loop.fetch(request(upstream, "/finite?0")).status, 200);
    auto flood = loop.start(request(upstream, "/flood?1"));
    ASSERT_EQ(loop.status(*flood).value(), 200);
    loop.idle(200ms);
    const Fetched other = loop.fetch(request(upstream, "/finite?1"));
    ASSERT_FALSE(other.error) << other.error->message;
    EXPECT_TRUE(other.body.ends_with("last\n"));
    std::size_t size = 0;
    for (int i = 0; i < 50; ++i) size += loop.next(*flood).value().size();
    EXPECT_GT(size, 1u << 20);
}

TEST_P(HttpClientHttp2, BrokenStreamsAreErrors) {
    H2Upstream upstream(certificate, GetParam());
    ClientLoop loop;
    for (const char* path : {"/reset?1", "/drop?1"}) {
        const Fetched got = loop.fetch(request(upstream, path));
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, "first\n");
        ASSERT_TRUE(got.error) << path;
        EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol) << got.error->message;
    }
    EXPECT_TRUE(loop.fetch(request(upstream, "/finite?1")).body.ends_with("last\n"));
}

TEST_P(HttpClientHttp2, ConnectionsAreReused) {
    H2Upstream upstream(certificate, GetParam());
    ClientLoop loop;
    const std::string body(600 * 1024, 'x');
    for (int i = 0; i < 5; ++i) {
        for (const std::size_t size : {std::size_t{0}, std::size_t{10}, body.size()}) {
            ClientRequest post = request(upstream, "/length");
            post.method = "POST";
            post.body = std::string_view(body).substr(0, size);
            const Fetched got = loop.fetch(post);
            ASSERT_FALSE(got.error) << got.error->message;
            EXPECT_EQ(got.body, std::to_string(size));
        }
    }
    // In clear text each transfer has a connection of its own.
    EXPECT_EQ(upstream.count("session"), GetParam() == H2Upstream::Transport::tls ? 1 : 15);
}

INSTANTIATE_TEST_SUITE_P(Transports, HttpClientHttp2,
                         testing::Values(H2Upstream::Transport::tls, H2Upstream::Transport::clear),
                         [](const auto& param) {
                             return param.param == H2Upstream::Transport::tls ? "Tls" : "Clear";
                         });

}  // namespace
}  // namespace ccr::net
