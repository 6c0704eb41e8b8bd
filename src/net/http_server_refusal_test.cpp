// Requests that the server refuses by itself, or whose time or size runs out.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "net/http_server_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using test::echo;
using test::RawClient;
using test::status_of;
using test::TestServer;

std::string refused(TestServer& server, std::string_view request) {
    RawClient client(server.port());
    client.send(request);
    return client.read_to_end().value_or("still open");
}

TEST(HttpServerRefusals, SmugglingIsRefusedAndTheConnectionClosed) {
    std::atomic<int> handled{0};
    TestServer server([&](Exchange& exchange) -> Task<void> {
        ++handled;
        return echo(exchange);
    });
    const std::string start = "POST /v1/messages HTTP/1.1\r\nHost: x\r\n";
    const std::string hidden = "\r\nhello" + std::string("GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::vector<std::string> requests = {
        start + "Content-Length: 5\r\nContent-Length: 5\r\n" + hidden,
        start + "Content-Length: 5, 5\r\n" + hidden,
        start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + hidden,
        start + "Transfer-Encoding: gzip, chunked\r\n" + hidden,
        start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" + hidden,
        start + "Host: y\r\n" + hidden,
        start + "X: a\r\n b\r\n" + hidden,
        start + "Content-Length : 5\r\n" + hidden,
        start + "X: a\rContent-Length: 5\r\n" + hidden,
        start + "X: a\nContent-Length: 5\r\n" + hidden,
        "POST /v1/messages HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + hidden,
        "POST /v1/messages HTTP/3.0\r\nHost: x\r\n" + hidden,
        "POST /v1/messages HTTP/1.1\r\n" + hidden,
    };
    for (const std::string& request : requests) {
        const std::string answer = refused(server, request);
        EXPECT_EQ(status_of(answer), 400) << request;
        EXPECT_NE(answer.find("x-kind: invalid_request\r\n"), std::string::npos);
        EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
        EXPECT_TRUE(body_of(answer).starts_with("/v1/messages|")) << answer;
        EXPECT_EQ(answer.find("hidden"), std::string::npos);
    }
    EXPECT_EQ(handled, 0);
}

TEST(HttpServerRefusals, HeadsAreBounded) {
    TestServer server(echo);
    const std::string start = "GET /big HTTP/1.1\r\nHost: x\r\n";
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += fmt::format("x-{}: y\r\n", i);
    for (const std::string& fields :
         {many, many.substr(0, many.find("x-1000:")), "x: " + std::string(70'000, 'y') + "\r\n",
          std::string(1 << 20, 'z')}) {
        const std::string answer = refused(server, start + fields + "\r\n");
        EXPECT_EQ(status_of(answer), 431);
        EXPECT_TRUE(body_of(answer).starts_with("/big|"));
    }
    RawClient client(server.port());
    client.send(start + "x: " + std::string(65'000, 'y') + "\r\n\r\n");
    EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(HttpServerRefusals, GarbageIsRefusedWithoutATarget) {
    TestServer server(echo);
    const std::string answer = refused(server, "\x16\x03\x01\x02\n");
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_TRUE(body_of(answer).starts_with("|"));
}

TEST(HttpServerRefusals, SlowHeadsRunOutOfTime) {
    ServerLimits limits;
    limits.head_time = 60ms;
    TestServer server(echo, limits);
    RawClient client(server.port());
    const auto start = Clock::now();
    client.send("GET /slow HTTP/1.1\r\nHost");
    const auto answer = client.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_EQ(status_of(*answer), 408);
    EXPECT_TRUE(body_of(*answer).starts_with("/slow|"));
    EXPECT_GE(Clock::now() - start, 50ms);
    EXPECT_LT(Clock::now() - start, 2s);
}

TEST(HttpServerRefusals, IdleConnectionsCloseSilently) {
    ServerLimits limits;
    limits.keep_alive_time = 60ms;
    TestServer server(echo, limits);
    RawClient fresh(server.port());
    EXPECT_EQ(fresh.read_to_end(), "");
    RawClient used(server.port());
    used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(used.read_answer()), 200);
    EXPECT_EQ(used.read_to_end(), "");
}

TEST(HttpServerRefusals, SilentBodiesRunOutOfTime) {
    ServerLimits limits;
    limits.body_silence = 60ms;
    TestServer server(echo, limits);
    for (const char* framing :
         {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
          "Transfer-Encoding: chunked\r\n\r\n100000\r\nabc"}) {
        const std::string answer =
            refused(server, fmt::format("POST / HTTP/1.1\r\nHost: x\r\n{}", framing));
        EXPECT_EQ(status_of(answer), 408);
        EXPECT_NE(answer.find("x-kind: request_timeout\r\n"), std::string::npos);
    }
}

TEST(HttpServerRefusals, BodySilenceIsCountedAnewWithEveryByte) {
    ServerLimits limits;
    limits.body_silence = 400ms;
    TestServer server(echo, limits);
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n");
    for (const char* byte : {"a", "b", "c", "d", "e", "f"}) {
        std::this_thread::sleep_for(100ms);
        client.send(byte);
    }
    EXPECT_EQ(body_of(client.read_answer()), "POST /?|abcdef");
}

TEST(HttpServerRefusals, BodiesOverTheLimitAreRefusedBeforeTheyAreRead) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8388609\r\nExpect: 100-continue\r\n\r\n");
    const auto answer = client.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_EQ(status_of(*answer), 413);  // and no 100 before it
    EXPECT_NE(answer->find("connection: close\r\n"), std::string::npos);
    for (const std::string& chunks :
         {std::string("800001\r\n"), "800000\r\n" + std::string(0x800000, 'x') + "\r\n1\r\n"}) {
        const std::string late = refused(
            server, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        EXPECT_EQ(status_of(late), 413);
    }
}

TEST(HttpServerRefusals, AClientThatKeepsSendingStillReadsItsRefusal) {
    TestServer server(echo);
    RawClient client(server.port());
    std::thread sender([&] {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n");
        client.send(std::string(50'000'000, 'x'));
    });
    const auto answer = client.read_to_end();
    sender.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(status_of(*answer), 413);
}

TEST(HttpServerRefusals, BrokenChunksAreRefused) {
    TestServer server(echo);
    for (const char* chunks :
         {"5\r\nhelloo\r\n0\r\n\r\n", "zz\r\n", "5\nhello\n", "fffffffffffffffff\r\n"}) {
        const std::string answer = refused(
            server,
            fmt::format("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                        chunks));
        EXPECT_EQ(status_of(answer), 400) << chunks;
        EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
    }
}

TEST(HttpServerRefusals, ContinueIsSentOnlyToAClientThatWaits) {
    TestServer server(echo);
    RawClient client(server.port());
    for (const std::string framing : {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + framing +
                    "\r\n\r\n");
        EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        client.send(framing.starts_with('C') ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
        EXPECT_EQ(body_of(client.read_answer()), "POST /?|hello");
    }
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(HttpServerRefusals, AnUnreadExpectationEndsTheConnection) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        Answer answer;
        answer.status = 401;
        (void)co_await exchange.send(std::move(answer));
    });
    const std::string answer = refused(
        server, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(status_of(answer), 401);
    EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
}

}  // namespace
}  // namespace ccr::net
