// What goes wrong on the way, each with its kind and a message that names the endpoint.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "net/client_loop_fixture.h"
#include "net/curl_error.h"
#include "net/curl_library.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Error error_for(const ClientRequest& request) {
    ClientLoop loop;
    const Fetched got = loop.fetch(request);
    EXPECT_TRUE(got.error) << "status " << got.status;
    return got.error.value_or(make_error(ErrorKind::internal, "no error"));
}
Error error_for(std::string url) {
    return error_for(get_request(std::move(url)));
}

std::string local_name(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

class HttpClientErrors : public WithEachEngine {};
INSTANTIATE_TEST_SUITE_P(, HttpClientErrors, each_engine(), engine_name);

TEST_P(HttpClientErrors, UnknownHost) {
    const Error error = error_for("http://user:secret@nonexistent.invalid:81/path?key=secret");
    EXPECT_EQ(error.kind, ErrorKind::upstream_unreachable);
    EXPECT_THAT(error.message, HasSubstr("nonexistent.invalid:81"));
    EXPECT_THAT(error.message, HasSubstr("DNS"));
    EXPECT_THAT(error.message, Not(HasSubstr("secret")));
}

TEST_P(HttpClientErrors, ConnectionRefused) {
    std::uint16_t port = 0;
    ::close(listen_on_any(port));
    const Error error = error_for("http://user:secret@" + local_name(port) + "/path?key=secret");
    EXPECT_EQ(error.kind, ErrorKind::upstream_unreachable);
    EXPECT_THAT(error.message, HasSubstr(local_name(port)));
    EXPECT_THAT(error.message, HasSubstr("refused"));
    EXPECT_THAT(error.message, Not(HasSubstr("secret")));
}

/// A port whose listener has no room for another connection, so that a SYN goes unanswered.
class FullListener {
  public:
    FullListener() : listener_(listen_on_any(port, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (int i = 0; i < 8; ++i) {
            const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
            ::fcntl(socket, F_SETFL, O_NONBLOCK);
            (void)::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
            fill_.push_back(socket);
        }
        std::this_thread::sleep_for(50ms);
    }
    ~FullListener() {
        for (const int socket : fill_) ::close(socket);
        ::close(listener_);
    }
    std::uint16_t port = 0;

  private:
    int listener_;
    std::vector<int> fill_;
};

TEST_P(HttpClientErrors, ConnectTimeOut) {
    FullListener full;
    ClientRequest request = get_request("http://" + local_name(full.port));
    request.connect_time = 200ms;
    const auto before = Clock::now();
    const Error error = error_for(request);
    EXPECT_EQ(error.kind, ErrorKind::upstream_timeout) << error.message;
    EXPECT_THAT(error.message, HasSubstr(local_name(full.port)));
    EXPECT_THAT(error.message, HasSubstr("200 ms"));
    EXPECT_GE(Clock::now() - before, 190ms);
    EXPECT_LT(Clock::now() - before, 2s);
}

TEST_P(HttpClientErrors, TlsHandshakeCountsAsConnecting) {
    ScriptedUpstream silent([](Peer& peer) { peer.wait_for_end(10s); });
    ClientRequest request = get_request("https://" + local_name(silent.port()));
    request.connect_time = 200ms;
    EXPECT_EQ(error_for(request).kind, ErrorKind::upstream_timeout);
}

TEST_P(HttpClientErrors, TlsToAPlainPort) {
    ScriptedUpstream plain([](Peer& peer) {
        peer.read_some();
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const Error error = error_for("https://" + local_name(plain.port()));
    EXPECT_EQ(error.kind, ErrorKind::upstream_unreachable) << error.message;
    EXPECT_THAT(error.message, HasSubstr("TLS"));
}

TEST_P(HttpClientErrors, UnusableRequests) {
    for (const char* url : {"", "no-scheme", "ftp://host/x", "http:///x", "file:///etc/passwd"}) {
        EXPECT_EQ(error_for(url).kind, ErrorKind::config) << url;
    }
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"X\r\nY", "1"},
                                                          {"", "1"},
                                                          {"X Y", "1"},
                                                          {"X", "a\r\nB: c"},
                                                          {"X", "a\nb"},
                                                          {"X", std::string("a\0b", 3)}}) {
        ClientRequest request = get_request("http://127.0.0.1:1/");
        request.headers.add(name, value);
        EXPECT_EQ(error_for(request).kind, ErrorKind::config) << name;
    }
    ClientRequest request = get_request("http://127.0.0.1:1/");
    request.method = "GET / HTTP/1.1\r\nX: y\r\n\r\n";
    EXPECT_EQ(error_for(request).kind, ErrorKind::config);
    request = get_request("http://host.test/");
    request.proxy = "pac://secret@host";
    EXPECT_EQ(error_for(request).kind, ErrorKind::config);
    EXPECT_THAT(error_for(request).message, Not(HasSubstr("secret")));
}

enum class Break { fin, rst };

/// Sends the first `size` bytes of an answer and ends the connection.
Fetched fetch_cut(const std::string& answer, std::size_t size, Break how) {
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send(std::string_view(answer).substr(0, size));
        if (how == Break::rst) {
            std::this_thread::sleep_for(2ms);  // an RST may overtake what was sent before it
            peer.reset();
        }
    });
    ClientLoop loop;
    return loop.fetch(get_request(upstream.url()));
}

TEST_P(HttpClientErrors, AnAnswerCutAnywhereIsAnError) {
    const std::string answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    };
    for (const std::string& answer : answers) {
        // libcurl takes the CR of the very last line for the end, by which time the body is whole.
        const std::size_t whole = answer.size() - (answer.ends_with("\r\n") ? 1 : 0);
        for (std::size_t cut = 0; cut < whole; ++cut) {
            for (const Break how : {Break::fin, Break::rst}) {
                const Fetched got = fetch_cut(answer, cut, how);
                ASSERT_TRUE(got.error)
                    << "cut at " << cut << " of " << testing::PrintToString(answer);
                EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol)
                    << "cut at " << cut << ": " << got.error->message;
                EXPECT_THAT(got.error->message, HasSubstr("127.0.0.1:"));
                EXPECT_TRUE(std::string("hello").starts_with(got.body)) << got.body;
            }
        }
        EXPECT_FALSE(fetch_cut(answer, answer.size(), Break::fin).error);
    }
}

TEST_P(HttpClientErrors, ReceivedBytesComeBeforeTheError) {
    const Fetched got =
        fetch_cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 1000, Break::fin);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "hello");
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol);
}

TEST_P(HttpClientErrors, GarbageChunking) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char* body :
         {"zz\r\nhello\r\n0\r\n\r\n", "5hello", "5\r\nhelloXX0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
          "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", "\r\n\r\n"}) {
        const Fetched got = fetch_cut(head + body, 1000, Break::fin);
        ASSERT_TRUE(got.error) << body;
        EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol) << body;
    }
}

TEST_P(HttpClientErrors, GarbageInsteadOfAHead) {
    for (const char* head :
         {"SSH-2.0-OpenSSH_9\r\n", "\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/7.7 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Encoding: unheard-of\r\nContent-Length: 1\r\n\r\nx",
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzip at "}) {
        const Fetched got = fetch_cut(head, 1000, Break::fin);
        ASSERT_TRUE(got.error) << head;
        EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol) << head << got.error->message;
    }
}

TEST_P(HttpClientErrors, EndlessHeadIsRefused) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    while (head.size() < 1 << 20) head += "X-Filler: " + std::string(1000, 'x') + "\r\n";
    const Fetched got = fetch_cut(head, head.size(), Break::fin);
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol);
    EXPECT_THAT(got.error->message, HasSubstr("head"));
}

TEST_P(HttpClientErrors, OneGiantHeaderIsTheUpstreamsFault) {
    const std::string head =
        "HTTP/1.1 200 OK\r\nX-Giant: " + std::string(4 << 20, 'x') + "\r\n\r\n";
    const Fetched got = fetch_cut(head, head.size(), Break::fin);
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::upstream_protocol) << got.error->message;
}

TEST_P(HttpClientErrors, EndlessInterimAnswersEnd) {
    ScriptedUpstream upstream([](Peer& peer) {
        peer.read_head();
        while (peer.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")) {
        }
    });
    EXPECT_EQ(error_for(upstream.url()).kind, ErrorKind::upstream_protocol);
}

TEST_P(HttpClientErrors, AnEarlyRefusalOfALargeBodyArrives) {
    ScriptedUpstream upstream([](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        peer.wait_for_end(5s);
    });
    ClientLoop loop;
    const std::string body(32u << 20, 'x');
    ClientRequest request;
    request.url = upstream.url();
    request.body = body;
    const Fetched got = loop.fetch(request);
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.status, 413);
    EXPECT_EQ(got.body, "big");
}

TEST_P(HttpClientErrors, ErrorStaysAfterTheFirstCall) {
    std::uint16_t port = 0;
    ::close(listen_on_any(port));
    ClientLoop loop;
    const auto response = loop.get("http://" + local_name(port));
    EXPECT_EQ(loop.status(*response).error().kind, ErrorKind::upstream_unreachable);
    EXPECT_EQ(loop.status(*response).error().kind, ErrorKind::upstream_unreachable);
    EXPECT_EQ(loop.next(*response).error().kind, ErrorKind::upstream_unreachable);
}

TEST_P(HttpClientErrors, EveryCodeNamesTheEndpoint) {
    ASSERT_TRUE(load_curl());
    for (int code = 1; code < CURL_LAST; ++code) {
        for (const bool connected : {false, true}) {
            Failure failure;
            failure.code = static_cast<CURLcode>(code);
            failure.endpoint = "host.test:443";
            failure.proxy = "proxy.test:1";
            failure.connected = connected;
            const Error error = error_of(failure);
            EXPECT_THAT(error.message, HasSubstr("host.test:443")) << code;
            EXPECT_NE(error.kind, ErrorKind::client_gone);
        }
    }
}

}  // namespace
}  // namespace ccr::net
