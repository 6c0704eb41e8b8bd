// The plain path: requests as they go out, answers as they come in, the pool.
#include "net/http_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "net/client_loop_fixture.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;

const std::string kOk =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: 1\r\nx-two:2 \r\nX-Empty:\r\n\r\nok";

/// Answers every request with the same bytes and keeps their heads and bodies.
class Recorder {
  public:
    explicit Recorder(std::string answer = kOk)
        : upstream([this, answer](Peer& peer) {
              for (std::string head = peer.read_head(); !head.empty(); head = peer.read_head()) {
                  const std::size_t at = head.find("Content-Length: ");
                  std::string body;
                  if (at != std::string::npos)
                      body = peer.read_exactly(std::stoul(head.substr(at + 16)));
                  {
                      const std::lock_guard lock(guard_);
                      heads_.push_back(head);
                      bodies_.push_back(body);
                  }
                  peer.send(answer);
              }
          }) {}
    std::string head(std::size_t i = 0) {
        const std::lock_guard lock(guard_);
        return heads_.at(i);
    }
    std::string body(std::size_t i = 0) {
        const std::lock_guard lock(guard_);
        return bodies_.at(i);
    }

  private:
    std::mutex guard_;
    std::vector<std::string> heads_, bodies_;

  public:
    ScriptedUpstream upstream;  // last: its threads use the members above
};

class HttpClientExchange : public WithEachEngine {};
INSTANTIATE_TEST_SUITE_P(, HttpClientExchange, each_engine(), engine_name);

TEST_P(HttpClientExchange, GetsAnAnswer) {
    Recorder recorder;
    ClientLoop loop;
    const Fetched got = loop.fetch(get_request(recorder.upstream.url("/a/../b?q=1")));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "ok");
    EXPECT_EQ(got.headers.get("X-TWO"), "2");
    EXPECT_EQ(got.headers.get("x-empty"), "");
    EXPECT_EQ(std::distance(got.headers.begin(), got.headers.end()), 4);
    EXPECT_EQ(recorder.head(), "GET /a/../b?q=1 HTTP/1.1\r\nHost: 127.0.0.1:" +
                                   std::to_string(recorder.upstream.port()) +
                                   "\r\nAccept-Encoding: identity\r\n\r\n");
}

TEST_P(HttpClientExchange, SendsHeadersAsTheyAre) {
    Recorder recorder;
    ClientLoop loop;
    ClientRequest request;
    request.url = recorder.upstream.url();
    request.body = "{}";
    request.headers = {{"X-Empty", ""},
                       {"x-Case", "Value; with, marks"},
                       {"Authorization", "Bearer k"},
                       {"Accept-Encoding", "gzip"},
                       {"Expect", "100-continue"},
                       {"Content-Length", "7"},
                       {"Transfer-Encoding", "chunked"},
                       {"x-Case", "twice"}};
    ASSERT_EQ(loop.fetch(request).status, 200);
    EXPECT_EQ(recorder.head(),
              "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(recorder.upstream.port()) +
                  "\r\nAccept-Encoding: identity\r\nX-Empty:\r\nx-Case: Value; with, marks\r\n"
                  "Authorization: Bearer k\r\nx-Case: twice\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(recorder.body(), "{}");
}

TEST_P(HttpClientExchange, Methods) {
    Recorder recorder;
    ClientLoop loop;
    std::size_t i = 0;
    for (const char* method : {"GET", "DELETE", "POST", "PUT", "PATCH", "OPTIONS"}) {
        for (const char* body : {"", "body"}) {
            ClientRequest request;
            request.method = method;
            request.url = recorder.upstream.url();
            request.body = body;
            ASSERT_EQ(loop.fetch(request).status, 200) << method;
            EXPECT_TRUE(recorder.head(i).starts_with(std::string(method) + " / HTTP/1.1"))
                << recorder.head(i);
            EXPECT_EQ(recorder.head(i).find("Content-Type"), std::string::npos);
            EXPECT_EQ(recorder.body(i), body);
            ++i;
        }
    }
    EXPECT_EQ(recorder.upstream.connections(), 1);
}

TEST_P(HttpClientExchange, LargeBodyWithItsLengthAndNoExpect) {
    Recorder recorder;
    ClientLoop loop;
    std::string body(600 * 1024, 'x');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
    ClientRequest request;
    request.url = recorder.upstream.url();
    request.body = body;
    const Fetched got = loop.fetch(request);
    ASSERT_EQ(got.status, 200);
    EXPECT_NE(recorder.head().find("Content-Length: " + std::to_string(body.size()) + "\r\n"),
              std::string::npos);
    EXPECT_EQ(recorder.head().find("Expect"), std::string::npos);
    EXPECT_EQ(recorder.body(), body);
}

TEST_P(HttpClientExchange, BodyIsNotNeededAfterStatus) {
    // The upstream answers first and reads the body later, when the caller has let go of its bytes.
    std::promise<std::string> received;
    const std::size_t size = 12u << 20;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        std::this_thread::sleep_for(100ms);
        received.set_value(peer.read_exactly(size));
        peer.send("done");
    });
    ClientLoop loop;
    auto body = std::make_unique<std::string>(size, 'b');
    ClientRequest request;
    request.url = upstream.url();
    request.body = *body;
    const auto response = loop.start(request);
    ASSERT_EQ(loop.status(*response).value(), 200);
    body.reset();
    EXPECT_EQ(loop.next(*response).value(), "done");
    EXPECT_TRUE(received.get_future().get() == std::string(size, 'b'));
}

TEST_P(HttpClientExchange, KeepsConnectionsForReuse) {
    Recorder recorder;
    ClientLoop loop;
    for (int i = 0; i < 20; ++i)
        ASSERT_EQ(loop.fetch(get_request(recorder.upstream.url())).body, "ok");
    EXPECT_EQ(recorder.upstream.connections(), 1);
}

TEST_P(HttpClientExchange, AnEarlyClosedPooledConnectionIsReplaced) {
    ScriptedUpstream upstream([](Peer& peer) {
        peer.read_head();
        peer.send(kOk);  // and close, without having said so
    });
    ClientLoop loop;
    for (int i = 0; i < 5; ++i) {
        const Fetched got = loop.fetch(get_request(upstream.url()));
        ASSERT_FALSE(got.error) << got.error->message;
        EXPECT_EQ(got.body, "ok");
    }
    EXPECT_EQ(upstream.connections(), 5);
}

TEST_P(HttpClientExchange, ManyAtOnce) {
    Recorder recorder;
    ClientLoop loop;
    std::vector<std::unique_ptr<ClientResponse>> responses;
    for (int i = 0; i < 50; ++i) responses.push_back(loop.get(recorder.upstream.url()));
    for (auto& response : responses) EXPECT_EQ(loop.rest(*response).body, "ok");
    const int after_first = recorder.upstream.connections();
    responses.clear();
    for (int i = 0; i < 50; ++i) responses.push_back(loop.get(recorder.upstream.url()));
    for (auto& response : responses) EXPECT_EQ(loop.rest(*response).body, "ok");
    EXPECT_EQ(recorder.upstream.connections(), after_first);
}

TEST_P(HttpClientExchange, ChunkedAnswerWithTrailers) {
    Recorder recorder(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n"
        "0\r\nX-Trailer: t\r\n\r\n");
    ClientLoop loop;
    for (int i = 0; i < 2; ++i) {
        const Fetched got = loop.fetch(get_request(recorder.upstream.url()));
        EXPECT_EQ(got.body, "hello world");
        EXPECT_FALSE(got.headers.get("x-trailer"));
        EXPECT_EQ(got.pieces, 1u);  // one segment, one piece
    }
    EXPECT_EQ(recorder.upstream.connections(), 1);
}

TEST_P(HttpClientExchange, AnswersWithoutBody) {
    for (const char* head : {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        Recorder recorder(head);
        ClientLoop loop;
        const Fetched got = loop.fetch(get_request(recorder.upstream.url()));
        EXPECT_FALSE(got.error);
        EXPECT_EQ(got.body, "");
        EXPECT_EQ(got.status, std::stoi(std::string(head).substr(9, 3)));
    }
}

TEST_P(HttpClientExchange, BodyUntilTheConnectionCloses) {
    ScriptedUpstream upstream([](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
    });
    ClientLoop loop;
    const Fetched got = loop.fetch(get_request(upstream.url()));
    EXPECT_FALSE(got.error);
    EXPECT_EQ(got.body, "until the end");
}

TEST_P(HttpClientExchange, RedirectsAreNotFollowed) {
    Recorder recorder("HTTP/1.1 307 Moved\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n");
    ClientLoop loop;
    const Fetched got = loop.fetch(get_request(recorder.upstream.url()));
    EXPECT_EQ(got.status, 307);
    EXPECT_EQ(got.headers.get("location"), "/else");
}

TEST_P(HttpClientExchange, InterimAnswersAreReadOver) {
    std::string storm;
    for (int i = 0; i < 500; ++i)
        storm += "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n";
    Recorder recorder("HTTP/1.1 100 Continue\r\n\r\n" + storm + kOk);
    ClientLoop loop;
    const Fetched got = loop.fetch(get_request(recorder.upstream.url()));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "ok");
    EXPECT_FALSE(got.headers.get("link"));
}

TEST_P(HttpClientExchange, NextIsCallableWithoutStatus) {
    Recorder recorder;
    ClientLoop loop;
    const auto response = loop.get(recorder.upstream.url());
    EXPECT_EQ(loop.next(*response).value(), "ok");
    EXPECT_EQ(loop.next(*response).value(), "");
    EXPECT_EQ(loop.next(*response).value(), "");
    EXPECT_EQ(loop.status(*response).value(), 200);
}

TEST_P(HttpClientExchange, UnaskedGzipIsDecoded) {
    // printf hello | gzip -n
    const std::string zipped(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05"
        "\x00"
        "\x00\x00",
        25);
    Recorder recorder("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n" +
                      zipped);
    ClientLoop loop;
    const Fetched got = loop.fetch(get_request(recorder.upstream.url()));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.body, "hello");
    EXPECT_FALSE(got.headers.get("content-encoding"));
    EXPECT_FALSE(got.headers.get("content-length"));
}

TEST_P(HttpClientExchange, LastByteMoves) {
    std::promise<void> go;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
        go.get_future().wait();
        peer.send("cd");
    });
    ClientLoop loop;
    const auto before = Clock::now();
    const auto response = loop.get(upstream.url());
    ASSERT_EQ(loop.next(*response).value(), "ab");
    const auto first = response->last_byte();
    EXPECT_GE(first, before);
    EXPECT_EQ(loop.next(*response, within(30ms)).error().kind, ErrorKind::upstream_timeout);
    EXPECT_EQ(response->last_byte(), first);
    go.set_value();
    ASSERT_EQ(loop.next(*response).value(), "cd");
    EXPECT_GE(response->last_byte(), first + 30ms);
}

}  // namespace
}  // namespace ccr::net
