// The order in which a client, its answers, their waiting coroutines and the io_context may be
// destroyed.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <thread>

#include "net/client_loop_fixture.h"
#include "net/end_watch_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;

Task<void> wait_next(ClientResponse& response, std::optional<ErrorKind>& kind) {
    const auto bytes = co_await response.next(kNever);
    if (!bytes) kind = bytes.error().kind;
}

struct Waiting {
    EndWatch watch;
    ClientLoop loop;
    std::unique_ptr<ClientResponse> response;
    std::optional<ErrorKind> kind;

    Waiting() : response(loop.get(watch.upstream.url())) {
        EXPECT_EQ(loop.next(*response).value(), "first");
        asio::co_spawn(loop.context(), wait_next(*response, kind), asio::detached);
        loop.idle(10ms);
        EXPECT_FALSE(kind);
    }
};

class HttpClientLifetime : public WithEachEngine {};
INSTANTIATE_TEST_SUITE_P(, HttpClientLifetime, each_engine(), engine_name);

TEST_P(HttpClientLifetime, AbortWakesAWaitingCoroutineLater) {
    Waiting waiting;
    waiting.response->abort();
    EXPECT_FALSE(waiting.kind) << "resumed inside abort()";
    waiting.loop.idle(10ms);
    EXPECT_EQ(waiting.kind, ErrorKind::client_gone);
    waiting.response->abort();
    EXPECT_EQ(waiting.loop.status(*waiting.response).error().kind, ErrorKind::client_gone);
}

TEST_P(HttpClientLifetime, ResponseDestroyedUnderAWaitingCoroutine) {
    Waiting waiting;
    waiting.response.reset();
    waiting.loop.idle(10ms);
    EXPECT_EQ(waiting.kind, ErrorKind::client_gone);
}

TEST_P(HttpClientLifetime, ClientDestroyedUnderAWaitingCoroutine) {
    Waiting waiting;
    waiting.loop.destroy_client();
    waiting.watch.seen();
    waiting.loop.idle(10ms);
    EXPECT_EQ(waiting.kind, ErrorKind::client_gone);
    EXPECT_EQ(waiting.loop.next(*waiting.response).error().kind, ErrorKind::client_gone);
    waiting.response->abort();
}

Task<void> own_and_wait(std::unique_ptr<ClientResponse> response) {
    co_await response->next(kNever);
}

TEST_P(HttpClientLifetime, ContextDestroyedWithCoroutinesInside) {
    for (const bool client_first : {true, false}) {
        EndWatch watch;
        auto loop = std::make_unique<ClientLoop>();
        auto response = loop->get(watch.upstream.url());
        EXPECT_EQ(loop->next(*response).value(), "first");
        asio::co_spawn(loop->context(), own_and_wait(std::move(response)), asio::detached);
        loop->idle(10ms);
        if (client_first) loop->destroy_client();
        loop.reset();
        watch.seen();
    }
}

TEST_P(HttpClientLifetime, DestroyedAtEveryStage) {
    ScriptedUpstream upstream([](Peer& peer) {
        while (!peer.read_head().empty()) {
            for (const char* piece :
                 {"HTTP/1.1 200", " OK\r\nTransfer-Enc", "oding: chunked\r\n\r\n", "5\r\nhel",
                  "lo\r\n", "0\r\n", "\r\n"}) {
                peer.send(piece);
                std::this_thread::sleep_for(1ms);
            }
        }
    });
    ClientLoop loop;
    for (int steps = 0; steps < 40; ++steps) {
        auto response = loop.get(upstream.url());
        loop.context().restart();
        for (int i = 0; i < steps; ++i) loop.context().run_one_for(2ms);
        response.reset();
    }
    loop.idle(20ms);
    EXPECT_EQ(loop.fetch(get_request(upstream.url())).body, "hello");
}

Task<void> race(ClientResponse& response, bool& timer_won, Result<std::string_view>& after) {
    using namespace boost::asio::experimental::awaitable_operators;
    asio::steady_timer timer(co_await asio::this_coro::executor, 20ms);
    const auto winner = co_await (response.next(kNever) || timer.async_wait(asio::use_awaitable));
    timer_won = winner.index() == 1;
    after = co_await response.next(within(20ms));
}

// An upstream that half-closes sees whether the client closes, too.
TEST_P(HttpClientLifetime, AnIdleConnectionThatItsUpstreamEndsIsLetGo) {
    std::atomic<bool> ended = false;
    ScriptedUpstream upstream([&ended](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell");
        std::this_thread::sleep_for(20ms);
        ::shutdown(peer.socket(), SHUT_WR);
        ended = peer.wait_for_end(20s).has_value();
    });
    ClientLoop loop;
    ClientRequest request;
    request.url = upstream.url();
    EXPECT_EQ(loop.fetch(request).body, "well");
    const auto last = Clock::now() + 15s;
    while (!ended && Clock::now() < last) loop.idle(50ms);
    EXPECT_TRUE(ended) << "the client still holds the connection";
}

TEST_P(HttpClientLifetime, ACancelledWaitLeavesTheTransferUsable) {
    EndWatch watch;
    ClientLoop loop;
    const auto response = loop.get(watch.upstream.url());
    ASSERT_EQ(loop.next(*response).value(), "first");
    bool timer_won = false;
    Result<std::string_view> after;
    asio::co_spawn(loop.context(), race(*response, timer_won, after), asio::detached);
    loop.idle(100ms);
    EXPECT_TRUE(timer_won);
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().kind, ErrorKind::upstream_timeout);
}

}  // namespace
}  // namespace ccr::net
