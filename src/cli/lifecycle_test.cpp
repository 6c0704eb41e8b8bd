// start, stop, restart and status as processes.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/cli_fixture.h"
#include "cli/control_client.h"
#include "net/listener_socket.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using Clock = std::chrono::steady_clock;

constexpr const char* kDemo = "{PORT: 0}";

std::string with_port(std::uint16_t port) {
    return "{PORT: " + std::to_string(port) + "}";
}

// A port that nobody has at the moment.
std::uint16_t unused_port() {
    auto sockets = net::listen_on_tcp("127.0.0.1", 0);
    return sockets->front().port;
}

int milliseconds_since(Clock::time_point began) {
    return static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count());
}

TEST(Lifecycle, TwentyParallelStartsGiveOneInstance) {
    const Home home;
    home.configure(kDemo);
    const auto began = Clock::now();
    std::vector<std::unique_ptr<test::Child>> starts;
    for (int i = 0; i < 20; ++i) starts.push_back(home.start({"start", "--daemon"}));
    for (const auto& start : starts) {
        const auto outcome = start->finish();
        EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("running"));
    }
    RecordProperty("milliseconds", milliseconds_since(began));
    const ServiceStatus status = home.status();
    EXPECT_EQ(home.read(".claude-code-router/.claude-code-router.pid"), std::to_string(status.pid));
    EXPECT_THAT(test::exchange(status.port, test::http_request("GET", "/health", status.port)),
                HasSubstr("HTTP/1.1 200"));
}

TEST(Lifecycle, TwentyParallelClientsShareOneInstance) {
    const Home home;
    home.configure(kDemo);
    home.write_client("echo \"$ANTHROPIC_BASE_URL\"");
    std::vector<std::unique_ptr<test::Child>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(home.start({"code"}));
    std::set<std::string> endpoints;
    for (const auto& client : clients) endpoints.insert(client->finish().out);
    EXPECT_EQ(endpoints, std::set<std::string>{home.status().endpoint + "\n"});
}

TEST(Lifecycle, ASecondStartSaysWhoRuns) {
    const Home home;
    home.configure(kDemo);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const ServiceStatus status = home.status();
    for (const auto& arguments : {std::vector<std::string>{"start"}, {"start", "--daemon"}}) {
        const auto second = home.ccr(arguments);
        EXPECT_EQ(second.exit_code, 0);
        EXPECT_THAT(second.out,
                    HasSubstr("already running: pid " + std::to_string(status.pid) + ", port " +
                              std::to_string(status.port) + ", version " CCR_VERSION));
    }
    EXPECT_EQ(home.status().instance, status.instance);
}

TEST(Lifecycle, StopWaitsUntilTheServiceIsGone) {
    const Home home;
    home.configure(kDemo);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const ServiceStatus status = home.status();
    const auto stopped = home.ccr({"stop"});
    EXPECT_EQ(stopped.exit_code, 0);
    EXPECT_THAT(stopped.out, HasSubstr("stopped"));
    EXPECT_EQ(test::exchange(status.port, "GET / HTTP/1.1\r\n\r\n"), "");
    EXPECT_FALSE(std::filesystem::exists(home.paths().pid_file));
    EXPECT_FALSE(std::filesystem::exists(home.paths().run + "/ccr.sock"));
    const auto again = home.ccr({"stop"});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_THAT(again.out, HasSubstr("not running"));
}

TEST(Lifecycle, StatusTellsBothStates) {
    const Home home;
    home.configure(
        test::config_with_provider("http://127.0.0.1:9/v1/chat/completions", "typo_key: 1"));
    const auto before = home.ccr({"status"});
    EXPECT_EQ(before.exit_code, 0);
    EXPECT_THAT(before.out, HasSubstr("not running"));
    EXPECT_EQ(nlohmann::json::parse(home.ccr({"status", "--json"}).out)["running"], false);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const auto block = home.ccr({"status"}).out;
    const auto json = nlohmann::json::parse(home.ccr({"status", "--json"}).out);
    EXPECT_EQ(json["running"], true);
    EXPECT_EQ(json["state"], "ready");
    EXPECT_THAT(json["instance"].get<std::string>(), MatchesRegex("[0-9a-f]{32}"));
    EXPECT_EQ(json["config_file"], home.file(".claude-code-router/config.json"));
    EXPECT_EQ(json["default_model"], "p,m");
    EXPECT_EQ(json["providers"][0]["name"], "p");
    EXPECT_EQ(json["findings"][0]["code"], "unknown-key");
    EXPECT_THAT(block, HasSubstr(json["endpoint"].get<std::string>()));
    EXPECT_THAT(block, HasSubstr("p (1 model)"));
    EXPECT_THAT(block, HasSubstr("typo_key"));
    EXPECT_THAT(block, Not(HasSubstr("provider-key")));
}

TEST(Lifecycle, APortInUseNamesItsOwner) {
    const Home home;
    const auto taken = net::listen_on_tcp("127.0.0.1", 0);
    ASSERT_TRUE(taken);
    home.configure(with_port(taken->front().port));
    for (const auto& arguments : {std::vector<std::string>{"start"}, {"start", "--daemon"}}) {
        const auto outcome = home.ccr(arguments);
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_THAT(outcome.err, HasSubstr("in use by"));
        EXPECT_THAT(outcome.err, HasSubstr("(pid " + std::to_string(::getpid()) + ")"));
        EXPECT_THAT(outcome.err, HasSubstr("--port"));
    }
    EXPECT_FALSE(std::filesystem::exists(home.paths().pid_file));
    EXPECT_THAT(home.ccr({"code"}).err, HasSubstr("in use by"));
}

TEST(Lifecycle, LeftoversOfTheDeadDoNotMatter) {
    const Home home;
    home.configure(kDemo);
    home.write(".claude-code-router/.claude-code-router.pid", std::to_string(::getpid()));
    home.write(".claude-code-router/run/ccr-0.lock", std::to_string(::getpid()));
    home.write(".claude-code-router/run/ccr.lock", "1\n");
    {
        const auto dead = net::listen_on_unix(home.file(".claude-code-router/run/ccr.sock"));
    }
    ASSERT_TRUE(std::filesystem::exists(home.file(".claude-code-router/run/ccr.sock")));
    EXPECT_THAT(home.ccr({"stop"}).out, HasSubstr("not running"));
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const ServiceStatus first = home.status();
    ASSERT_EQ(::kill(static_cast<pid_t>(first.pid), SIGKILL), 0);
    ASSERT_TRUE(test::eventually([&] { return home.instances().empty(); }));
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    EXPECT_NE(home.status().instance, first.instance);
}

TEST(Lifecycle, ADaemonKeepsNothingOfItsStarterOpen) {
    const Home home;
    home.configure(kDemo);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    net::Descriptor read_end(ends[0]);
    auto write_end = std::make_unique<net::Descriptor>(ends[1]);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    write_end.reset();
    char byte = 0;
    EXPECT_EQ(::read(read_end.get(), &byte, 1), 0);
}

TEST(Lifecycle, ABrokenConfigurationStopsTheStartAndSaysWhere) {
    const Home home;
    home.configure("{\n  Providers: [}\n}");
    for (const auto& arguments :
         {std::vector<std::string>{"start"}, {"start", "--daemon"}, {"restart"}, {"activate"}}) {
        const auto outcome = home.ccr(arguments);
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_THAT(outcome.err, HasSubstr("config.json:2:15"));
    }
    EXPECT_EQ(home.ccr({"status"}).exit_code, 0);
    EXPECT_EQ(home.ccr({"stop"}).exit_code, 0);
}

TEST(Lifecycle, RestartKeepsAServiceWhoseNewConfigurationIsBroken) {
    const Home home;
    home.configure(kDemo);
    EXPECT_THAT(home.ccr({"restart"}).out, HasSubstr("was not running"));
    const ServiceStatus first = home.status();
    home.configure("{broken");
    EXPECT_EQ(home.ccr({"restart"}).exit_code, 1);
    EXPECT_EQ(home.status().instance, first.instance);
    EXPECT_THAT(home.status().config_error, HasSubstr("config.json:1:"));
    EXPECT_THAT(home.ccr({"status"}).out, HasSubstr("stays in force"));
    home.configure(kDemo);
    EXPECT_THAT(home.ccr({"restart"}).out, HasSubstr("runs again"));
    EXPECT_NE(home.status().instance, first.instance);
    home.configure("{broken");
    EXPECT_THAT(home.ccr({"stop"}).out, HasSubstr("stopped"));
}

TEST(Lifecycle, AChangedPortWaitsForTheRestart) {
    const Home home;
    home.configure(with_port(unused_port()));
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const ServiceStatus first = home.status();
    const std::uint16_t next = unused_port();
    home.configure(with_port(next));
    EXPECT_TRUE(test::eventually(
        [&] { return home.status().needs_restart == std::vector<std::string>{"PORT"}; }));
    const auto second = home.ccr({"start", "-d"});
    EXPECT_THAT(second.out, HasSubstr("`ccr restart` moves it there"));
    EXPECT_EQ(home.status().port, first.port);
    ASSERT_EQ(home.ccr({"restart"}).exit_code, 0);
    EXPECT_EQ(home.status().port, next);
}

TEST(Lifecycle, ServicesOnSeveralPortsLiveSideBySide) {
    const Home home;
    home.configure(kDemo);
    const std::string port = std::to_string(unused_port());
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    ASSERT_EQ(home.ccr({"start", "-d", "--port", port}).exit_code, 0);
    ASSERT_EQ(home.instances().size(), 2u);
    EXPECT_EQ(std::to_string(home.instances()[1].status.port), port);
    EXPECT_THAT(home.ccr({"status"}).out, HasSubstr("Also running: port " + port));
    EXPECT_EQ(home.ccr({"restart", "--port", port}).exit_code, 0);
    EXPECT_EQ(home.instances().size(), 2u);
    EXPECT_THAT(home.ccr({"--port", port, "stop"}).out, HasSubstr("port " + port));
    EXPECT_EQ(home.status().configured_port, 0);
}

TEST(Lifecycle, TheConfigurationIsFoundByOptionThenVariableThenHome) {
    const Home home;
    for (const char* name : {"a.json", "b.json", ".claude-code-router/config.json"})
        home.write(name, kDemo);
    const auto file_with = [&](std::vector<std::string> arguments,
                               const test::Variables& variables) {
        arguments.insert(arguments.end(), {"status", "--json"});
        return nlohmann::json::parse(home.ccr(arguments, variables).out)["config_file"]
            .get<std::string>();
    };
    EXPECT_EQ(file_with({"--config", "a.json"}, {{"CCR_CONFIG", home.file("b.json")}}),
              home.file("a.json"));
    EXPECT_EQ(file_with({}, {{"CCR_CONFIG", "~/b.json"}}), home.file("b.json"));
    EXPECT_EQ(file_with({}, {}), home.file(".claude-code-router/config.json"));
    ASSERT_EQ(home.ccr({"start", "-d", "--config", "a.json"}).exit_code, 0);
    EXPECT_EQ(home.status().config_file, home.file("a.json"));
}

TEST(Lifecycle, AnUnusableHomeIsAMessage) {
    const Home home;
    for (const char* path : {"/dev/null", "/dev/null/x"}) {
        for (const auto& arguments :
             {std::vector<std::string>{"start"}, {"start", "--daemon"}, {"code"}}) {
            const auto outcome = home.ccr(arguments, {{"HOME", path}, {"SERVICE_PORT", "0"}});
            EXPECT_EQ(outcome.exit_code, 1);
            EXPECT_THAT(outcome.err, HasSubstr("/dev/null"));
        }
        EXPECT_THAT(home.ccr({"status"}, {{"HOME", path}}).out, HasSubstr("not running"));
    }
}

TEST(Lifecycle, AHomeTooLongForASocketAddressWorks) {
    const Home home(std::string(120, 'l'));
    home.configure(kDemo);
    ASSERT_NE(home.paths().sockets, home.paths().run);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    EXPECT_EQ(home.status().state, "ready");
    struct stat found{};
    ASSERT_EQ(::stat(home.paths().sockets.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700u);
    EXPECT_THAT(home.ccr({"stop"}).out, HasSubstr("stopped"));
}

TEST(Lifecycle, FilesArePrivateAndTheClientsStateIsSeededOnce) {
    const Home home;
    home.configure(kDemo);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    for (const char* name : {"run/ccr.sock", "run/ccr-0.lock", ".claude-code-router.pid"}) {
        struct stat found{};
        ASSERT_EQ(::stat((home.paths().home + "/" + name).c_str(), &found), 0) << name;
        EXPECT_EQ(found.st_mode & 0777, 0600u) << name;
    }
    struct stat found{};
    ASSERT_EQ(::stat(home.paths().run.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700u);
    const auto seeded = nlohmann::json::parse(home.read(".claude.json"));
    EXPECT_EQ(seeded["hasCompletedOnboarding"], true);
    EXPECT_THAT(seeded["userID"].get<std::string>(), MatchesRegex("[0-9a-f]{64}"));
    home.write(".claude.json", "{\"mine\":1}");
    ASSERT_EQ(home.ccr({"restart"}).exit_code, 0);
    EXPECT_EQ(home.read(".claude.json"), "{\"mine\":1}");
}

TEST(Lifecycle, AReloadTakesTheNewFileAndABrokenOneLeavesTheOld) {
    const Home home;
    home.configure(kDemo);
    ASSERT_EQ(home.ccr({"start", "-d"}).exit_code, 0);
    const std::string socket = home.instances().front().socket;
    home.configure(test::config_with_provider("http://127.0.0.1:9/v1/messages"));
    const auto reloaded = ask_service(socket, "POST", "/reload");
    ASSERT_TRUE(reloaded);
    EXPECT_EQ(reloaded->status, 200);
    EXPECT_FALSE(home.status().demo);
    home.configure("{");
    const auto broken = ask_service(socket, "POST", "/reload");
    ASSERT_TRUE(broken);
    EXPECT_NE(broken->status, 200);
    EXPECT_THAT(broken->body, HasSubstr("config.json:1:"));
    EXPECT_EQ(home.status().providers.size(), 1u);
    EXPECT_EQ(ask_service(socket, "GET", "/nothing")->status, 404);
}

}  // namespace
}  // namespace ccr::cli
