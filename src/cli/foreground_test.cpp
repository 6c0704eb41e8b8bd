// `ccr start` in the foreground and `ccr demo`: their greeting, and how they end.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "cli/cli_fixture.h"
#include "net/socket_calls.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using Clock = std::chrono::steady_clock;

constexpr const char* kDemo = "{PORT: 0}";

std::string message(const std::string& text, bool stream) {
    return R"({"model":"claude","max_tokens":2000,"stream":)" +
           std::string(stream ? "true" : "false") + R"(,"messages":[{"role":"user","content":")" +
           text + "\"}]}";
}

std::string post(std::uint16_t port, const std::string& text, bool stream = true) {
    return test::exchange(port,
                          test::http_request("POST", "/v1/messages", port, message(text, stream)));
}

TEST(Foreground, GreetsWithTheNextStep) {
    const Home home;
    home.configure(kDemo);
    const auto service = home.start({"start"}, {{"OPENROUTER_API_KEY", "sk-or-abcdef123456"}});
    ASSERT_TRUE(service->wait_for_output("Ctrl-C"));
    const ServiceStatus status = home.status();
    EXPECT_EQ(status.pid, service->pid());
    service->signal(SIGTERM);
    const auto outcome = service->finish();
    EXPECT_EQ(outcome.exit_code, 0);
    for (const std::string& expected :
         {status.endpoint, std::string("~/.claude-code-router/config.json"),
          std::string("ccr code"), std::string("OPENROUTER_API_KEY"),
          std::string("api_key: \"$OPENROUTER_API_KEY\""), std::string("demo")}) {
        EXPECT_THAT(outcome.out, HasSubstr(expected));
    }
    EXPECT_THAT(outcome.out + outcome.err, testing::Not(HasSubstr("sk-or-abcdef123456")));
    EXPECT_TRUE(home.instances().empty());
}

TEST(Foreground, IsReadySoon) {
    const Home home;
    home.configure(kDemo);
    int best = 1'000'000;
    for (int round = 0; round < 5; ++round) {
        const auto began = Clock::now();
        const auto service = home.start({"start"});
        ASSERT_TRUE(service->wait_for_output("is ready"));
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
        best = std::min(best, static_cast<int>(took.count()));
        service->signal(SIGINT);
        EXPECT_EQ(service->finish().exit_code, 0);
    }
    RecordProperty("best_milliseconds", best);
    // The bar is 100 ms for a release build; this one may be a debug build on a busy machine.
    EXPECT_LT(best, 1000);
}

TEST(Foreground, ASignalLetsRunningRequestsFinish) {
    const Home home;
    home.configure(kDemo);
    const auto service = home.start({"start"});
    ASSERT_TRUE(service->wait_for_output("Ctrl-C"));
    const std::uint16_t port = home.status().port;
    std::string answer;
    std::thread client([&] { answer = post(port, "demo: silence 3"); });
    EXPECT_TRUE(test::eventually([&] { return home.status().active_requests == 1; }));
    service->signal(SIGTERM);
    EXPECT_TRUE(test::eventually([&] {
        const auto instances = home.instances();
        return instances.empty() || instances.front().status.state == "stopping";
    }));
    // The listening socket closes a moment after the state is told.
    EXPECT_THAT(post(port, "late"), AnyOf(IsEmpty(), HasSubstr("This server is stopping")));
    client.join();
    EXPECT_EQ(service->finish().exit_code, 0);
    EXPECT_THAT(answer, HasSubstr("message_stop"));
}

TEST(Foreground, ASecondSignalEndsAtOnce) {
    const Home home;
    home.configure(kDemo);
    const auto service = home.start({"start"});
    ASSERT_TRUE(service->wait_for_output("Ctrl-C"));
    const std::uint16_t port = home.status().port;
    std::string answer;
    std::thread client([&] { answer = post(port, "demo: silence 30"); });
    EXPECT_TRUE(test::eventually([&] { return home.status().active_requests == 1; }));
    const auto began = Clock::now();
    service->signal(SIGINT);
    EXPECT_TRUE(test::eventually([&] { return home.status().state == "stopping"; }));
    service->signal(SIGINT);
    EXPECT_EQ(service->finish().exit_code, 0);
    client.join();
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(8));
    EXPECT_THAT(answer, testing::Not(HasSubstr("message_stop")));
}

TEST(Foreground, ServesDemoAnswersWithoutAConfiguration) {
    const Home home;
    const auto service = home.start({"start", "--port", "0"});
    ASSERT_TRUE(service->wait_for_output("Ctrl-C"));
    EXPECT_THAT(post(home.status().port, "hello", false), HasSubstr("demo"));
    EXPECT_FALSE(std::filesystem::exists(home.file(".claude-code-router/config.json")));
    service->signal(SIGTERM);
    EXPECT_EQ(service->finish().exit_code, 0);
}

TEST(Foreground, AHangUpReloads) {
    const Home home;
    home.configure(kDemo);
    const auto service = home.start({"start"});
    ASSERT_TRUE(service->wait_for_output("Ctrl-C"));
    home.configure(test::config_with_provider("http://127.0.0.1:9/v1/messages"));
    service->signal(SIGHUP);
    EXPECT_TRUE(test::eventually([&] { return !home.status().demo; }));
    service->signal(SIGTERM);
    EXPECT_EQ(service->finish().exit_code, 0);
}

// A service on a terminal of its own, which hangs up when the returned descriptor is closed.
net::Descriptor start_on_terminal(const Home& home, pid_t& pid) {
    net::Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_EQ(::grantpt(terminal.get()), 0);
    EXPECT_EQ(::unlockpt(terminal.get()), 0);
    const std::string name = ::ptsname(terminal.get());
    pid = ::fork();
    if (pid == 0) {
        ::setsid();
        const int slave = ::open(name.c_str(), O_RDWR);
        for (const int stream : {0, 1, 2}) ::dup2(slave, stream);
        ::close(slave);
        ::setenv("HOME", home.path().c_str(), 1);
        ::execl(CCR_BINARY, "ccr", "start", static_cast<char*>(nullptr));
        ::_exit(125);
    }
    return terminal;
}

TEST(Foreground, EndsWithItsTerminal) {
    const Home home;
    home.configure(kDemo);
    pid_t pid = -1;
    auto terminal = std::make_unique<net::Descriptor>(start_on_terminal(home, pid));
    ASSERT_GT(pid, 0);
    EXPECT_TRUE(test::eventually([&] { return home.instances().size() == 1; }));
    terminal.reset();
    EXPECT_TRUE(test::eventually([&] { return home.instances().empty(); }));
    ::kill(pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
}

TEST(Foreground, TheDemoRunsAlone) {
    const Home home;
    const auto demo = home.start({"demo", "--port", "0"});
    ASSERT_TRUE(demo->wait_for_output("Ctrl-C ends it"));
    demo->signal(SIGINT);
    const auto outcome = demo->finish();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("demo: slow"));
    EXPECT_THAT(outcome.out, HasSubstr("/v1/chat/completions"));
}

}  // namespace
}  // namespace ccr::cli
