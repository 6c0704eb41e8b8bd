#include "net/http_server.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>

#include "net/http_server_fixture.h"

namespace ccr::net {
namespace {

using test::body_of;
using test::echo;
using test::RawClient;
using test::status_of;
using test::TestServer;
using test::unchunk;

constexpr std::string_view kGet = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(std::string_view body, std::string_view fields = "") {
    return fmt::format("POST /p HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n{}", fields,
                       body.size(), body);
}

std::string chunked(std::string_view body, std::size_t piece) {
    std::string request = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
        const std::string_view part = body.substr(0, piece);
        request += fmt::format("{:X}\r\n{}\r\n", part.size(), part);
    }
    return request + "0\r\n\r\n";
}

/// Bytes of which no two runs are alike.
std::string pattern(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    return text;
}

Task<void> stream(Exchange& exchange) {
    const Headers headers{{"content-type", "text/event-stream"}};
    (void)co_await exchange.open(200, headers, "first ");
    (void)co_await exchange.write("second ");
    (void)co_await exchange.write("");
    (void)co_await exchange.write("third");
    (void)co_await exchange.finish("");
}

TEST(HttpServer, AnswersAreReusableAndComplete) {
    TestServer server(echo);
    RawClient client(server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(kGet);
        const std::string answer = client.read_answer();
        EXPECT_EQ(status_of(answer), 200);
        EXPECT_EQ(body_of(answer), "GET /a?b|");
        EXPECT_NE(answer.find("\r\ndate: "), std::string::npos);
        EXPECT_EQ(answer.find("connection:"), std::string::npos);
        client.send(post("xyz"));
        EXPECT_EQ(body_of(client.read_answer()), "POST /p?|xyz");
    }
}

TEST(HttpServer, ConnectionCloseIsAnnouncedAndKept) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto answer = client.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->find("\r\nconnection: close\r\n"), std::string::npos);
}

TEST(HttpServer, TheSameRequestInEverySplit) {
    TestServer server(echo);
    const std::string body = pattern(40);
    for (const std::string& request : {post(body), chunked(body, 7)}) {
        RawClient client(server.port());
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            ASSERT_TRUE(client.send(std::string_view(request).substr(0, cut)));
            // A pause that lets the server read the first part makes a better split, but is not
            // needed.
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            ASSERT_TRUE(client.send(std::string_view(request).substr(cut)));
            ASSERT_EQ(body_of(client.read_answer()), "POST /p?|" + body) << cut;
        }
    }
}

TEST(HttpServer, LargeBodiesArriveWhole) {
    TestServer server(echo);
    RawClient client(server.port());
    for (const std::size_t size : {4096u, 16384u, 65537u, 1000003u}) {
        const std::string body = pattern(size);
        std::vector<std::string> requests{post(body)};
        for (const std::size_t piece : {1000u, 5000u, 70000u, 2000000u})
            requests.push_back(chunked(body, piece));
        for (const std::string& request : requests) {
            std::thread sender([&] { client.send(request); });
            const std::string answer = client.read_answer();
            sender.join();
            ASSERT_TRUE(body_of(answer) == "POST /p?|" + body) << size;
        }
    }
}

TEST(HttpServer, BodiesArePadded) {
    std::atomic<int> checked{0};
    TestServer server([&](Exchange& exchange) -> Task<void> {
        const auto body = co_await exchange.read_body(1 << 20);
        if (body && body->capacity() >= body->size() + kBodyPadding) {
            const char* padding = body->data() + body->size();
            checked += std::count(padding, padding + kBodyPadding, '\0') == kBodyPadding;
        }
        co_return;
    });
    for (const std::string& request :
         {std::string(kGet), post("a"), post(pattern(100'000)), chunked("abc", 1),
          chunked(pattern(100'000), 9000), chunked("", 1)}) {
        RawClient client(server.port());
        client.send(request);
        EXPECT_EQ(status_of(client.read_answer()), 500);  // nothing was answered
    }
    EXPECT_EQ(checked, 6);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
    TestServer server(echo);
    RawClient client(server.port());
    std::string requests;
    for (int i = 0; i < 500; ++i) {
        requests += i % 3 == 0 ? post(std::to_string(i)) : chunked(std::to_string(i), 1);
    }
    std::thread sender([&] { client.send(requests); });
    for (int i = 0; i < 500; ++i)
        ASSERT_EQ(body_of(client.read_answer()), "POST /p?|" + std::to_string(i));
    sender.join();
}

TEST(HttpServer, PipelinedRequestsBehindAHalfCloseAreServed) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send(post("1") + post("2"));
    client.end_sending();
    const auto answers = client.read_to_end();
    ASSERT_TRUE(answers);
    EXPECT_NE(answers->find("POST /p?|1HTTP/1.1 200"), std::string::npos);
    EXPECT_TRUE(answers->ends_with("POST /p?|2"));
}

TEST(HttpServer, EmptyLinesBeforeARequestAreSkipped) {
    TestServer server(echo);
    RawClient client(server.port());
    client.send("\r\n\r\n" + std::string(kGet));
    EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(HttpServer, StreamsAreChunkedOnePerWrite) {
    TestServer server(stream);
    RawClient client(server.port());
    client.send(kGet);
    const std::string answer = client.read_answer();
    EXPECT_NE(answer.find("\r\ncontent-type: text/event-stream\r\n"), std::string::npos);
    EXPECT_EQ(body_of(answer), "6\r\nfirst \r\n7\r\nsecond \r\n5\r\nthird\r\n0\r\n\r\n");
    client.send(kGet);
    EXPECT_EQ(unchunk(body_of(client.read_answer())), "first second third");
}

TEST(HttpServer, TheLastBytesAndTheEndAreOneWrite) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        const Headers none;
        const bool is_short = exchange.head().path == "/short";
        const std::string last = exchange.head().query == "empty" ? "" : "last";
        if (is_short) {
            EXPECT_TRUE(co_await exchange.send_chunked(200, none, last));
        } else {
            (void)co_await exchange.open(200, none, "first ");
            EXPECT_TRUE(co_await exchange.finish(last));
        }
        EXPECT_FALSE(co_await exchange.finish(""));
        EXPECT_FALSE(co_await exchange.send_chunked(200, none, "again"));
    });
    RawClient client(server.port());
    const auto answer_to = [&](std::string_view target) -> std::string {
        client.send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target));
        return std::string(body_of(client.read_answer()));
    };
    EXPECT_EQ(answer_to("/short"), "4\r\nlast\r\n0\r\n\r\n");
    EXPECT_EQ(answer_to("/short?empty"), "0\r\n\r\n");
    EXPECT_EQ(answer_to("/long"), "6\r\nfirst \r\n4\r\nlast\r\n0\r\n\r\n");
    EXPECT_EQ(answer_to("/long?empty"), "6\r\nfirst \r\n0\r\n\r\n");
    for (const std::string_view target : {"/short", "/long"}) {
        RawClient old(server.port());
        old.send(fmt::format("GET {} HTTP/1.0\r\n\r\n", target));
        const auto answer = old.read_to_end();
        ASSERT_TRUE(answer);
        EXPECT_EQ(body_of(*answer), target == "/short" ? "last" : "first last");
    }
    client.send("HEAD /short HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(client.read_answer(false)), "");
    EXPECT_EQ(answer_to("/short"), "4\r\nlast\r\n0\r\n\r\n");
}

TEST(HttpServer, Http10GetsNoChunks) {
    TestServer server(stream);
    RawClient client(server.port());
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto answer = client.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_EQ(body_of(*answer), "first second third");
    EXPECT_EQ(answer->find("chunked"), std::string::npos);
    EXPECT_NE(answer->find("connection: close"), std::string::npos);
}

TEST(HttpServer, Http10KeepsItsConnectionWhenItAsks) {
    TestServer server(echo);
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_NE(client.read_answer().find("connection: keep-alive"), std::string::npos);
    }
    client.send("GET / HTTP/1.0\r\n\r\n");
    const auto last = client.read_to_end();
    ASSERT_TRUE(last);
    EXPECT_EQ(body_of(*last), "GET /?|");
}

TEST(HttpServer, HeadRequestsGetNoBody) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        return exchange.head().path == "/stream" ? stream(exchange) : echo(exchange);
    });
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(client.read_answer(false).find("content-length: 8\r\n"), std::string::npos);
    client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(client.read_answer(false).find("transfer-encoding: chunked\r\n"), std::string::npos);
    client.send(kGet);
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(HttpServer, HeadersCannotInjectLines) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        Answer answer;
        answer.status = 204;
        answer.headers = Headers{{"x-a", "1\r\nx-evil: 2\n\rx"},
                                 {"x b\r\nx-evil", "3"},
                                 {"", "4"},
                                 {"Content-Length", "5"},
                                 {"transfer-encoding", "chunked"}};
        (void)co_await exchange.send(std::move(answer));
    });
    RawClient client(server.port());
    client.send(std::string(kGet) + std::string(kGet));
    for (int i = 0; i < 2; ++i) {
        const std::string head = client.read_answer(false);
        EXPECT_TRUE(head.starts_with("HTTP/1.1 204 No Content\r\nx-a: 1  x-evil: 2  x\r\ndate: "))
            << head;
        EXPECT_EQ(head.find("\nx-evil"), std::string::npos);
        EXPECT_EQ(head.find("ength"), std::string::npos);
        EXPECT_EQ(head.find("chunked"), std::string::npos);
    }
}

TEST(HttpServer, S24FailingHandlersGetAnAnswerOrABrokenStream) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        if (exchange.head().path == "/late") {
            const Headers none;
            (void)co_await exchange.open(200, none, "x");
        }
        if (exchange.head().path != "/silent") throw std::runtime_error("secret detail");
    });
    for (const std::string path : {"/early", "/silent"}) {
        RawClient client(server.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = client.read_to_end();
        ASSERT_TRUE(answer);
        EXPECT_EQ(status_of(*answer), 500);
        EXPECT_TRUE(body_of(*answer).starts_with(path + "|"));
        EXPECT_EQ(answer->find("secret"), std::string::npos);
    }
    RawClient client(server.port());
    client.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.read_to_end();
    ASSERT_TRUE(answer);
    EXPECT_EQ(status_of(*answer), 200);
    EXPECT_FALSE(unchunk(body_of(*answer)));
}

TEST(HttpServer, AnUnfinishedOrAbortedStreamIsBroken) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        const Headers none;
        (void)co_await exchange.open(200, none, "part");
        if (exchange.head().path == "/abort") {
            exchange.abort();
            const auto after = co_await exchange.write("more");
            EXPECT_EQ(after.error().kind, ErrorKind::client_gone);
        }
    });
    for (const char* path : {"/abort", "/return"}) {
        RawClient client(server.port());
        client.send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path));
        const auto answer = client.read_to_end();
        ASSERT_TRUE(answer);
        EXPECT_TRUE(answer->ends_with("4\r\npart\r\n"));
    }
}

TEST(HttpServer, MisuseIsAnErrorAndHarmless) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        const auto write = co_await exchange.write("x");
        EXPECT_EQ(write.error().kind, ErrorKind::internal);
        const auto finish = co_await exchange.finish("");
        EXPECT_FALSE(finish);
        EXPECT_FALSE(exchange.opened());
        co_await echo(exchange);
        EXPECT_TRUE(exchange.opened());
        Answer second;
        const auto sent = co_await exchange.send(std::move(second));
        EXPECT_FALSE(sent);
        const auto body = co_await exchange.read_body(10);
        EXPECT_FALSE(body);
    });
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send(post("x"));
        EXPECT_EQ(body_of(client.read_answer()), "POST /p?|x");
    }
}

TEST(HttpServer, WhatIsLeftOfASmallBodyIsDropped) {
    TestServer server([](Exchange& exchange) -> Task<void> {
        Answer answer;
        answer.body = exchange.head().path;
        (void)co_await exchange.send(std::move(answer));
    });
    RawClient client(server.port());
    const std::string body = pattern(200'000);
    for (const std::string& request :
         {post(body), chunked(body, 3000), post(body), std::string(kGet)}) {
        client.send(request);
        EXPECT_EQ(status_of(client.read_answer()), 200);
    }
    // Too much to drop: the answer still arrives, and says that the connection ends.
    std::thread sender([&] { client.send(post(pattern(20'000'000))); });
    const auto answer = client.read_to_end();
    sender.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(status_of(*answer), 200);
    EXPECT_NE(answer->find("connection: close"), std::string::npos);
}

}  // namespace
}  // namespace ccr::net
