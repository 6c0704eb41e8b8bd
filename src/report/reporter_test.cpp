#include "report/reporter.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "config/temporary_directory_fixture.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::report {
namespace {

using namespace std::chrono_literals;

config::ConfigPtr config_with(std::vector<config::SpeedOutput> outputs, bool enabled = true) {
    auto config = std::make_shared<config::Config>();
    config->token_speed.enabled = enabled;
    config->token_speed.outputs = std::move(outputs);
    config->token_speed.time_out = 60s;
    config->proxy = "direct";
    return config;
}

config::SpeedOutput file(const std::string& prefix) {
    config::FileOutput out;
    out.prefix = prefix;
    return {"temp-file-1", out};
}

/// All milestones of one streamed answer.
void tell(Reporter& reporter, const std::string& request, const std::string& session) {
    event::Routed routed;
    routed.request = request;
    routed.session = session;
    reporter.hear(routed);
    reporter.hear(event::Began{request});
    reporter.hear(event::Written{request, 10, 100ms, 1200ms, false});
    reporter.hear(event::Written{request, 12, 100ms, 1300ms, true});
    event::Settled settled;
    settled.request = request;
    settled.outcome = "ok";
    settled.streamed = true;
    settled.to_first_content = 100ms;
    settled.total = 1400ms;
    settled.output = 20;
    reporter.hear(settled);
}

class ReporterTest : public testing::Test {
  protected:
    void use(config::ConfigPtr config) {
        const std::lock_guard lock(mutex_);
        config_ = std::move(config);
    }
    std::unique_ptr<Reporter> made() {
        return std::make_unique<Reporter>(
            [this] {
                const std::lock_guard lock(mutex_);
                return config_;
            },
            root_.path());
    }
    bool is_there(const std::string& name) const {
        return std::filesystem::exists(root_.path() / "claude-code-router" / name);
    }
    std::size_t files(const std::string& prefix) const {
        const auto directory = root_.path() / "claude-code-router";
        std::size_t count = 0;
        if (!std::filesystem::exists(directory)) return 0;
        for (const auto& entry : std::filesystem::directory_iterator(directory))
            count += entry.path().filename().string().starts_with(prefix + "-") ? 1 : 0;
        return count;
    }

    std::mutex mutex_;
    config::ConfigPtr config_;
    config::fixture::TemporaryDirectory root_;
};

TEST_F(ReporterTest, HearsOfManyRequestsAtOnce) {
    constexpr int kThreads = 4;
    constexpr int kRequests = 100;
    use(config_with({file("s")}));
    {
        const auto reporter = made();
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&reporter, thread] {
                for (int i = 0; i < kRequests; ++i) {
                    const std::string name = std::to_string(thread) + "-" + std::to_string(i);
                    tell(*reporter, "req_" + name, name);
                }
            });
        }
    }
    EXPECT_EQ(files("s"), std::size_t{kThreads} * kRequests);
}

TEST_F(ReporterTest, OffItDoesNothing) {
    use(config_with({file("s")}, false));
    {
        const auto reporter = made();
        tell(*reporter, "req_1", "a");
    }
    EXPECT_TRUE(std::filesystem::is_empty(root_.path()));
}

TEST_F(ReporterTest, AChangeHoldsForWhatComesNext) {
    use(config_with({file("old")}));
    const auto reporter = made();
    tell(*reporter, "req_1", "a");
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!is_there("old-a.json") && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(5ms);
    use(config_with({file("new")}));
    tell(*reporter, "req_2", "b");
    while (!is_there("new-b.json") && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(5ms);
    EXPECT_TRUE(is_there("old-a.json"));
    EXPECT_TRUE(is_there("new-b.json"));
    EXPECT_FALSE(is_there("old-b.json"));
}

/// Standard output as a pipe that nobody reads, until it has been so for `patience`.
class UnreadOutput {
  public:
    explicit UnreadOutput(std::chrono::seconds patience) : before_(::dup(STDOUT_FILENO)) {
        EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
        std::fflush(stdout);
        ::dup2(ends_[1], STDOUT_FILENO);
        reader_ = std::jthread([this, patience](const std::stop_token& stop) {
            const auto end = std::chrono::steady_clock::now() + patience;
            while (!stop.stop_requested() && std::chrono::steady_clock::now() < end)
                std::this_thread::sleep_for(5ms);
            ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
            std::array<char, 65536> chunk{};
            while (!stop.stop_requested()) {
                if (::read(ends_[0], chunk.data(), chunk.size()) <= 0)
                    std::this_thread::sleep_for(5ms);
            }
        });
    }
    ~UnreadOutput() {
        ::dup2(before_, STDOUT_FILENO);
        reader_.request_stop();
        reader_.join();
        for (const int one : {ends_[0], ends_[1], before_}) ::close(one);
    }

  private:
    std::array<int, 2> ends_{-1, -1};
    int before_;
    std::jthread reader_;
};

TEST_F(ReporterTest, AConsoleThatNobodyReadsHoldsUpNeitherHandlersNorTheEnd) {
    auto config = std::make_shared<config::Config>(
        *config_with({{"console-1", config::ConsoleOutput()}, file("s")}));
    constexpr std::size_t kLong = 200'000;
    config->token_speed.metadata = "{\"note\": \"" + std::string(kLong, 'x') + "\"}";
    use(config);
    const auto began = std::chrono::steady_clock::now();
    {
        const UnreadOutput unread(10s);
        const auto reporter = made();
        for (const char* const name : {"a", "b", "c"}) tell(*reporter, name, name);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    EXPECT_EQ(files("s"), 3u);
}

TEST_F(ReporterTest, AWebhookThatHangsGetsALastSecond) {
    std::atomic<int> asked = 0;
    net::ScriptedUpstream hangs([&asked](net::Peer& peer) {
        peer.read_head();
        ++asked;
        peer.wait_for_end(20s);
    });
    config::WebhookOutput hook;
    hook.url = hangs.url("/hook");
    use(config_with({{"webhook-1", hook}}));
    auto began = std::chrono::steady_clock::now();
    {
        const auto reporter = made();
        tell(*reporter, "req_1", "a");
        while (asked == 0 && std::chrono::steady_clock::now() - began < 10s)
            std::this_thread::sleep_for(5ms);
        began = std::chrono::steady_clock::now();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace ccr::report
