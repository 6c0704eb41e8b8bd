// Where the server listens, how it deals connections to threads, and how it ends.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "net/http_server_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using test::echo;
using test::RawClient;
using test::status_of;
using test::TestServer;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A directory of its own for one test.
class Directory {
  public:
    Directory() {
        std::string name = (std::filesystem::temp_directory_path() / "ccr-net-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  private:
    std::string path_;
};

Task<void> describe(Exchange& exchange) {
    const RequestHead& head = exchange.head();
    Answer answer;
    answer.body =
        fmt::format("{} {} {} {}", head.peer, head.local, head.over_unix_socket, head.peer_uid);
    (void)co_await exchange.send(std::move(answer));
}

TEST(HttpServerListen, TcpPeersAreNamed) {
    TestServer server(describe);
    RawClient client(server.port());
    client.send(kGet);
    const std::string answer = client.read_answer();
    EXPECT_TRUE(body_of(answer).starts_with("127.0.0.1:"));
    EXPECT_TRUE(body_of(answer).ends_with(fmt::format(" 127.0.0.1:{} false 0", server.port())));
}

TEST(HttpServerListen, AUnixSocketIsPrivateAndKnowsItsPeer) {
    const Directory directory;
    const std::string path = directory.file("s");
    TestServer server(describe);
    const mode_t before = ::umask(0);
    const auto listening = server.server().listen_unix(path);
    ::umask(before);
    ASSERT_TRUE(listening) << listening.error().message;
    struct stat found{};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
    RawClient client(path);
    ASSERT_TRUE(client.connected());
    client.send(kGet);
    EXPECT_EQ(body_of(client.read_answer()), fmt::format("unix {} true {}", path, ::getuid()));
    server.server().stop_accepting(Ending::stop);
    EXPECT_TRUE(TestServer::eventually([&] { return ::access(path.c_str(), F_OK) != 0; }));
}

TEST(HttpServerListen, AUnixSocketReplacesOnlyASocket) {
    const Directory directory;
    TestServer first(echo);
    TestServer second(describe);
    const std::string path = directory.file("s");
    ASSERT_TRUE(first.server().listen_unix(path));
    ASSERT_TRUE(second.server().listen_unix(path));
    first.server().stop_accepting(Ending::stop);  // must leave the second's file alone
    RawClient through_first(first.port());
    EXPECT_TRUE(TestServer::eventually([&] { return !RawClient(first.port()).connected(); }));
    RawClient client(path);
    client.send(kGet);
    EXPECT_TRUE(body_of(client.read_answer()).starts_with("unix"));

    std::ofstream(directory.file("plain")) << "text";
    const auto refused = first.server().listen_unix(directory.file("plain"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
    EXPECT_TRUE(std::filesystem::exists(directory.file("plain")));
    EXPECT_FALSE(first.server().listen_unix(directory.file(std::string(200, 'x'))));
    EXPECT_FALSE(first.server().listen_unix(directory.file("missing/s")));
}

TEST(HttpServerListen, APortInUseIsNamed) {
    TestServer first(echo);
    TestServer second(echo);
    for (const char* host : {"127.0.0.1", "0.0.0.0", "localhost"}) {
        const auto taken = second.server().listen_tcp(host, first.port());
        ASSERT_FALSE(taken) << host;
        EXPECT_EQ(taken.error().kind, ErrorKind::config);
        EXPECT_NE(taken.error().message.find(std::to_string(first.port())), std::string::npos);
        EXPECT_NE(taken.error().message.find("Address already in use"), std::string::npos);
    }
    const auto foreign = second.server().listen_tcp("203.0.113.1", 0);
    ASSERT_FALSE(foreign);
    EXPECT_NE(foreign.error().message.find("203.0.113.1"), std::string::npos);
    EXPECT_FALSE(second.server().listen_tcp("", 0));
    EXPECT_FALSE(second.server().listen_tcp("no such host", 0));
}

TEST(HttpServerListen, LocalhostAndIpv6) {
    TestServer server(echo);
    const auto local = server.server().listen_tcp("localhost", 0);
    ASSERT_TRUE(local) << local.error().message;
    RawClient client(*local);
    client.send(kGet);
    EXPECT_EQ(status_of(client.read_answer()), 200);
    const auto literal = server.server().listen_tcp("::1", 0);
    if (!literal) GTEST_SKIP() << "no IPv6 here: " << literal.error().message;
    EXPECT_TRUE(server.server().listen_tcp("[::1]", 0));
}

TEST(HttpServerListen, ConnectionsAreDealtInTurnAndStayOnTheirThread) {
    std::mutex mutex;
    std::map<std::string, std::set<std::thread::id>> threads_of_peer;
    TestServer server(
        [&](Exchange& exchange) -> Task<void> {
            (void)co_await exchange.read_body(100);
            {
                const std::lock_guard lock(mutex);
                threads_of_peer[exchange.head().peer].insert(std::this_thread::get_id());
            }
            co_await echo(exchange);
        },
        ServerLimits(), 2);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    for (int round = 0; round < 50; ++round) {
        for (const auto& client : clients)
            client->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        for (const auto& client : clients) ASSERT_EQ(client->read_answer().find("HTTP/1.1 "), 0u);
    }
    std::map<std::thread::id, int> peers_of_thread;
    const std::lock_guard lock(mutex);
    for (const auto& [peer, threads] : threads_of_peer) {
        EXPECT_EQ(threads.size(), 1u);
        ++peers_of_thread[*threads.begin()];
    }
    EXPECT_EQ(peers_of_thread.size(), 2u);
    for (const auto& [thread, peers] : peers_of_thread) EXPECT_EQ(peers, 4);
}

TEST(HttpServerListen, ManyClientsOnTwoThreads) {
    TestServer server(echo, ServerLimits(), 2);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int j = 0; j < 25; ++j) {
                RawClient client(server.port());
                const std::string body(static_cast<std::size_t>(i * 1000 + j), 'b');
                client.send(
                    fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}",
                                body.size(), body));
                good += body_of(client.read_answer()) == "POST /?|" + body;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 100);
}

TEST(HttpServerListen, ConnectionsOverTheLimitWait) {
    ServerLimits limits;
    limits.max_connections = 2;
    TestServer server(echo, limits);
    auto first = std::make_unique<RawClient>(server.port());
    RawClient second(server.port());
    first->send(kGet);
    second.send(kGet);
    EXPECT_EQ(status_of(first->read_answer()), 200);
    EXPECT_EQ(status_of(second.read_answer()), 200);
    RawClient third(server.port());
    third.send(kGet);
    EXPECT_FALSE(third.read_to_end(150ms));
    first.reset();
    EXPECT_EQ(status_of(third.read_answer()), 200);
}

TEST(HttpServerListen, RunningOutOfDescriptorsNeitherSpinsNorEndsTheListener) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send(kGet);
    ASSERT_EQ(status_of(client.read_answer()), 200);
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
    Descriptor prepared = open_socket(AF_INET);
    const rlimit none{3, usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    RawClient waiting(server.port(), std::move(prepared));
    waiting.send(kGet);
    const std::clock_t before = std::clock();
    EXPECT_FALSE(waiting.read_to_end(350ms));
    const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    EXPECT_LT(seconds, 0.1);
    EXPECT_EQ(status_of(waiting.read_answer()), 200);
}

TEST(HttpServerListen, StoppingLetsRunningExchangesEnd) {
    std::atomic<bool> go{false};
    TestServer server([&](Exchange& exchange) -> Task<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (!go) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_await echo(exchange);
    });
    RawClient idle(server.port());
    RawClient busy(server.port());
    busy.send(kGet);
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active() == 1; }));
    server.server().stop_accepting(Ending::stop);
    EXPECT_TRUE(TestServer::eventually([&] { return !RawClient(server.port()).connected(); }));
    EXPECT_EQ(server.server().active(), 1u);
    idle.send(kGet);
    const auto refused = idle.read_to_end();
    ASSERT_TRUE(refused);
    EXPECT_EQ(status_of(*refused), 529);
    EXPECT_NE(refused->find("connection: close\r\n"), std::string::npos);
    EXPECT_NE(refused->find("stopping"), std::string::npos);
    go = true;
    const auto answer = busy.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->find("connection: close\r\n"), std::string::npos);
    EXPECT_EQ(body_of(*answer), "GET /?|");
    EXPECT_TRUE(TestServer::eventually([&] { return server.server().active() == 0; }));
}

TEST(HttpServerListen, AHandedOverServerAnswersOnceMore) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(status_of(client.read_answer()), 200);
    server.server().stop_accepting(Ending::handed_over);
    EXPECT_TRUE(TestServer::eventually([&] { return !RawClient(server.port()).connected(); }));
    client.send(kGet);
    const auto last = client.read_to_end();
    ASSERT_TRUE(last);
    EXPECT_EQ(status_of(*last), 200);
    EXPECT_NE(last->find("connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(TestServer::eventually([&] { return server.server().connections() == 0; }));
}

TEST(HttpServerListen, AHandedOverSocketFileStays) {
    const Directory directory;
    TestServer server(echo);
    const std::string path = directory.file("s");
    ASSERT_TRUE(server.server().listen_unix(path));
    RawClient(path).send(kGet);
    server.server().stop_accepting(Ending::handed_over);
    EXPECT_TRUE(TestServer::eventually([&] { return !RawClient(path).connected(); }));
    EXPECT_EQ(::access(path.c_str(), F_OK), 0);
}

TEST(HttpServerListen, ClosingEndsRunningExchanges) {
    std::atomic<bool> told{false};
    TestServer server([&](Exchange& exchange) -> Task<void> {
        asio::steady_timer waiting(co_await asio::this_coro::executor, kNever);
        exchange.when_gone([&] {
            told = true;
            waiting.cancel();
        });
        try {
            co_await waiting.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
        }
    });
    RawClient client(server.port());
    client.send(kGet);
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active() == 1; }));
    server.server().close();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_TRUE(TestServer::eventually([&] { return server.server().active() == 0; }));
    EXPECT_TRUE(told);
}

// A context that ends in the middle of everything frees everything (the address sanitizer looks).
TEST(HttpServerListen, AContextMayEndAtAnyTime) {
    for (int round = 0; round < 4; ++round) {
        asio::io_context context;
        std::atomic<int> begun{0};
        HttpServer server(
            {&context}, ServerLimits(),
            [&](Exchange& exchange) -> Task<void> {
                ++begun;
                if (round == 1) (void)co_await exchange.read_body(1000);
                asio::steady_timer never(co_await asio::this_coro::executor, kNever);
                co_await never.async_wait(asio::use_awaitable);
            },
            [](const Error&, std::string_view) { return Answer(); });
        const auto port = server.listen_tcp("127.0.0.1", 0).value();
        RawClient client(port);
        const std::string fields = round < 2 ? "Content-Length: 5\r\n\r\nab" : "\r\n";
        const std::string request = "POST / HTTP/1.1\r\nHost: x\r\n" + fields;
        client.send(round == 3 ? request.substr(0, 10) : request);
        while (begun == 0 && context.run_one_for(100ms) > 0) continue;
        context.poll();
    }
}

}  // namespace
}  // namespace ccr::net
