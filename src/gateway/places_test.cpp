#include "gateway/places.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <vector>

#include "gateway/fake_exchange_fixture.h"

namespace ccr::gateway {
namespace {

using namespace std::chrono_literals;

net::Task<void> hold(Places& places, Places::Bounds bounds, std::chrono::milliseconds time,
                     std::vector<std::string>& told, std::string name) {
    FakeExchange exchange;
    auto place = co_await places.take("p", bounds, exchange);
    if (!place) {
        told.push_back(name + (place.error() == Places::Refusal::queue_full ? " full" : " late"));
        co_return;
    }
    told.push_back(name + " in");
    net::asio::steady_timer timer(co_await net::asio::this_coro::executor, time);
    co_await timer.async_wait(net::asio::use_awaitable);
}

TEST(Places, FirstComeFirstServedUntilTheQueueIsFullOrTheTimeIsOver) {
    net::asio::io_context context;
    Places places;
    std::vector<std::string> told;
    const auto start = [&](const char* name, Places::Bounds bounds,
                           std::chrono::milliseconds time) {
        net::asio::co_spawn(context, hold(places, bounds, time, told, name), net::asio::detached);
    };
    start("a", {1, 2, 10s}, 60ms);
    start("b", {1, 2, 10ms}, 0ms);
    start("c", {1, 2, 10s}, 0ms);
    start("d", {1, 2, 10s}, 0ms);
    context.run();
    EXPECT_EQ(told, (std::vector<std::string>{"a in", "d full", "b late", "c in"}));
}

TEST(Places, NoLimitIsNoQueue) {
    Places places;
    std::vector<std::string> told;
    run_task(hold(places, {0, 0, 0ms}, 0ms, told, "a"));
    EXPECT_EQ(told, std::vector<std::string>{"a in"});
}

net::Task<void> pass_through(Places& places, std::atomic<int>& inside, std::atomic<int>& most,
                             std::atomic<int>& done) {
    for (int round = 0; round < 50; ++round) {
        FakeExchange exchange;
        const Places::Bounds bounds{2, 100, 20s};
        auto place = co_await places.take("p", bounds, exchange);
        if (!place) co_return;
        const int now = ++inside;
        if (now > most) most = now;
        net::asio::steady_timer timer(co_await net::asio::this_coro::executor, 10us);
        co_await timer.async_wait(net::asio::use_awaitable);
        --inside;
    }
    ++done;
}

TEST(Places, HoldOverThreads) {
    Places places;
    std::atomic<int> inside{0}, most{0}, done{0};
    std::vector<std::thread> threads;
    for (int number = 0; number < 3; ++number) {
        threads.emplace_back([&] {
            net::asio::io_context context;
            for (int task = 0; task < 4; ++task) {
                net::asio::co_spawn(context, pass_through(places, inside, most, done),
                                    net::asio::detached);
            }
            context.run();
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 12);
    EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace ccr::gateway
