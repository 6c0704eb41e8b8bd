#include "base/log_collector.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace ccr::log {
namespace {

TEST(Collector, LinesComeInOrderAndOnce) {
    std::string written;
    std::size_t count = 0;
    Collector collector([&](const Collector::Batch& batch) {
        written += batch.lines;
        count += batch.count;
    });
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const std::string line = std::to_string(i) + "\n";
        collector.add(line);
        expected += line;
    }
    collector.close();
    EXPECT_EQ(written, expected);
    EXPECT_EQ(count, 1000U);
    collector.add("late\n");
    collector.close();
    EXPECT_EQ(written, expected);
}

TEST(Collector, ALineIsWrittenThoughNoOtherFollows) {
    std::latch written(1);
    Collector collector([&](const Collector::Batch&) { written.count_down(); });
    collector.add("alone\n");
    written.wait();
}

TEST(Collector, ADiskThatHangsHoldsUpNobodyAndCostsLinesThatAreCounted) {
    constexpr std::size_t kLines = 64;
    const std::string line = std::string(1u << 20, 'x') + "\n";
    std::latch hangs(1);
    std::size_t kept = 0, lost = 0;
    Collector collector([&](const Collector::Batch& batch) {
        hangs.wait();
        kept += batch.count;
        lost += batch.lost;
    });
    for (std::size_t i = 0; i < kLines; ++i) collector.add(line);
    hangs.count_down();
    collector.close();
    EXPECT_GT(lost, kLines / 2);
    EXPECT_EQ(kept + lost, kLines);
}

TEST(Collector, LinesOfManyThreadsStayWhole) {
    std::string written;
    Collector collector([&](const Collector::Batch& batch) { written += batch.lines; });
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&collector, t] {
            const std::string line = std::string(100, static_cast<char>('a' + t)) + "\n";
            for (int i = 0; i < 500; ++i) collector.add(line);
        });
    }
    for (std::thread& thread : threads) thread.join();
    collector.close();
    ASSERT_EQ(written.size(), 4U * 500U * 101U);
    for (std::size_t at = 0; at < written.size(); at += 101) {
        EXPECT_EQ(std::count(&written[at], &written[at] + 100, written[at]), 100);
        EXPECT_EQ(written[at + 100], '\n');
    }
}

TEST(Collector, AForkOfItsProcessEndsWithoutItsThread) {
    std::latch written(1);
    Collector collector([&](const Collector::Batch&) { written.count_down(); });
    collector.add("line\n");
    written.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // and waits for the next line
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(10);  // a join would wait for a thread that is not there
        collector.close();
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
}

}  // namespace
}  // namespace ccr::log
