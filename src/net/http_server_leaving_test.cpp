// Clients that leave, stall or read slowly while their answer is made.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/http_server_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using test::echo;
using test::RawClient;
using test::status_of;
using test::TestServer;
using test::unchunk;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";

/// Waits until the client leaves; notes when and on which thread the callback ran.
struct LeavingWatch {
    std::atomic<bool> ready{false};
    std::atomic<int> calls{0};
    std::atomic<std::int64_t> left_at{0};
    std::atomic<bool> same_thread{false};
    std::atomic<bool> write_failed{false};
    bool open_first = false;

    Task<void> operator()(Exchange& exchange) {
        if (exchange.head().method == "POST") (void)co_await exchange.read_body(100);
        if (exchange.head().path == "/late") (void)co_await exchange.read_body(100);
        const Headers none;
        if (open_first) (void)co_await exchange.open(200, none, "x");
        asio::steady_timer waiting(co_await asio::this_coro::executor, kNever);
        const auto thread = std::this_thread::get_id();
        exchange.when_gone([this, &waiting, thread] {
            ++calls;
            same_thread = std::this_thread::get_id() == thread;
            left_at = Clock::now().time_since_epoch().count();
            waiting.cancel();
        });
        ready = true;
        try {
            if (!exchange.gone()) co_await waiting.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            EXPECT_TRUE(exchange.gone());
        }
        Result<void> written;
        if (open_first) {
            written = co_await exchange.write("y");
        } else {
            written = co_await exchange.open(200, none, "y");
        }
        write_failed = !written && written.error().kind == ErrorKind::client_gone;
    }
};

enum class Leave { close, reset, half_close };

void expect_noticed(std::string_view request, Leave how, bool open_first) {
    LeavingWatch watch;
    watch.open_first = open_first;
    TestServer server(std::ref(watch));
    RawClient client(server.port());
    client.send(request);
    ASSERT_TRUE(TestServer::eventually([&] { return watch.ready.load(); }));
    const auto start = Clock::now();
    if (how == Leave::close) client.close();
    if (how == Leave::reset) client.reset();
    if (how == Leave::half_close) client.end_sending();
    ASSERT_TRUE(TestServer::eventually([&] { return watch.left_at != 0; }));
    const auto took = Clock::time_point(Clock::duration(watch.left_at)) - start;
    EXPECT_LT(took, 50ms) << std::chrono::duration_cast<std::chrono::microseconds>(took).count()
                          << " us";
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active() == 0; }));
    EXPECT_TRUE(watch.same_thread);
    EXPECT_TRUE(watch.write_failed);
    EXPECT_EQ(watch.calls, 1);
}

TEST(HttpServerLeaving, IsNoticedWithin50ms) {
    for (const Leave how : {Leave::close, Leave::reset, Leave::half_close}) {
        for (const bool open_first : {false, true}) {
            expect_noticed(kGet, how, open_first);
            expect_noticed(kPost, how, open_first);
            expect_noticed(std::string(kGet) + "GET /pipelined", how, open_first);
        }
    }
}

TEST(HttpServerLeaving, IsNoticedWithAnUnreadBody) {
    expect_noticed("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", Leave::close,
                   false);
    expect_noticed("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", Leave::close,
                   true);
}

TEST(HttpServerLeaving, IsToldAtOnceToALateAsker) {
    LeavingWatch watch;
    TestServer server(std::ref(watch));
    RawClient client(server.port());
    client.send("PUT /late HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    client.close();
    ASSERT_TRUE(TestServer::eventually([&] { return watch.calls == 1; }));
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active() == 0; }));
    EXPECT_TRUE(watch.same_thread);
}

TEST(HttpServerLeaving, AResetIsNoticedBehindAFloodOfPipelinedBytes) {
    LeavingWatch watch;
    TestServer server(std::ref(watch));
    RawClient client(server.port());
    client.send(kGet);
    ASSERT_TRUE(TestServer::eventually([&] { return watch.ready.load(); }));
    const timeval short_time{0, 200'000};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &short_time, sizeof short_time);
    // The server stops reading ahead, so that this blocks and gives up.
    EXPECT_FALSE(client.send(std::string(64'000'000, 'x')));
    EXPECT_EQ(watch.calls, 0);
    client.reset();
    EXPECT_TRUE(TestServer::eventually([&] { return watch.calls == 1; }));
}

TEST(HttpServerLeaving, AHalfClosedClientStillGetsACompleteAnswer) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        asio::steady_timer waiting(co_await asio::this_coro::executor, kNever);
        exchange.when_gone([&] { waiting.cancel(); });
        try {
            co_await waiting.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
        }
        co_await echo(exchange);
    });
    RawClient client(server.port());
    client.send(kGet);
    client.end_sending();
    EXPECT_EQ(body_of(client.read_to_end().value_or("")), "GET /?|");
}

TEST(HttpServerLeaving, TheCallbackEndsWithTheAnswer) {
    std::atomic<int> calls{0};
    TestServer server([&](Exchange& exchange) -> Task<void> {
        exchange.when_gone([&] { ++calls; });
        return echo(exchange);
    });
    {
        RawClient client(server.port());
        client.send(kGet);
        EXPECT_EQ(status_of(client.read_answer()), 200);
    }
    RawClient next(server.port());
    next.send(kGet);
    EXPECT_EQ(status_of(next.read_answer()), 200);
    EXPECT_EQ(calls, 0);
}

/// Streams 1 MB chunks for ever; counts what the socket has taken.
struct Flood {
    std::atomic<std::size_t> taken{0};
    std::atomic<int> ended{0};
    std::size_t chunks = SIZE_MAX;

    Task<void> operator()(Exchange& exchange) {
        const std::string chunk(1 << 20, 'z');
        const Headers none;
        auto written = co_await exchange.open(200, none, "");
        for (std::size_t i = 0; written && i < chunks; ++i) {
            written = co_await exchange.write(chunk);
            if (written) taken += chunk.size();
        }
        if (written) (void)co_await exchange.finish("");
        ++ended;
    }
};

TEST(HttpServerLeaving, ASlowReaderSlowsTheWriter) {
    Flood flood;
    flood.chunks = 24;
    TestServer server(std::ref(flood));
    RawClient client(server.port(), 32 * 1024);
    client.send(kGet);
    // What fits into the two socket buffers is taken; then nothing more.
    std::size_t before = SIZE_MAX;
    ASSERT_TRUE(TestServer::eventually([&] {
        std::this_thread::sleep_for(50ms);
        return std::exchange(before, flood.taken.load()) == flood.taken;
    }));
    EXPECT_LT(flood.taken, 10u << 20);
    const auto body = unchunk(body_of(client.read_answer()));
    ASSERT_TRUE(body);
    EXPECT_EQ(body->size(), 24u << 20);
}

TEST(HttpServerLeaving, AReaderThatStopsIsTakenForGone) {
    Flood flood;
    ServerLimits limits;
    limits.write_silence = 100ms;
    TestServer server(std::ref(flood), limits);
    RawClient client(server.port(), 32 * 1024);
    client.send(kGet);
    EXPECT_TRUE(TestServer::eventually([&] { return flood.ended == 1; }));
    EXPECT_LT(flood.taken, 10u << 20);
}

TEST(HttpServerLeaving, ABlockedWriteEndsWhenTheClientLeaves) {
    for (const Leave how : {Leave::close, Leave::half_close}) {
        Flood flood;
        TestServer server(std::ref(flood));
        RawClient client(server.port(), 32 * 1024);
        client.send(kGet);
        client.read_exactly(1000);
        if (how == Leave::close) client.close();
        if (how == Leave::half_close) client.end_sending();
        EXPECT_TRUE(TestServer::eventually([&] { return flood.ended == 1; }));
    }
}

}  // namespace
}  // namespace ccr::net
