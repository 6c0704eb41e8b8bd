// The server over TLS: sealed bytes in any pieces, long answers, endings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>

#include "net/http_server_fixture.h"
#include "net/test_certificate_fixture.h"

namespace ccr::net {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A client of its own making, so that a test decides how the sealed bytes are sent.
class TlsClient {
  public:
    explicit TlsClient(std::uint16_t port, std::size_t piece = 1 << 20)
        : raw_(port), piece_(piece), context_(SSL_CTX_new(TLS_client_method())) {
        tls_ = SSL_new(context_);
        SSL_set_bio(tls_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(tls_);
        while (SSL_do_handshake(tls_) != 1) {
            flush();
            if (!receive()) return;
        }
        flush();
        connected_ = true;
    }
    ~TlsClient() {
        SSL_free(tls_);
        SSL_CTX_free(context_);
    }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool connected() const { return connected_; }
    void send(std::string_view bytes) {
        SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
        flush();
    }
    void send_raw(std::string_view bytes) { raw_.send(bytes); }
    void send_new_key() {
        SSL_key_update(tls_, SSL_KEY_UPDATE_REQUESTED);
        SSL_do_handshake(tls_);
        flush();
    }
    void say_end() {
        SSL_shutdown(tls_);
        flush();
    }
    /// What was read when `mark` came, or when the server ended.
    std::string read_until(std::string_view mark) {
        std::string out;
        std::array<char, 4096> buffer{};
        while (!out.ends_with(mark)) {
            const int count = SSL_read(tls_, buffer.data(), buffer.size());
            if (count > 0)
                out.append(buffer.data(), static_cast<std::size_t>(count));
            else if (SSL_get_error(tls_, count) != SSL_ERROR_WANT_READ || !receive())
                break;
        }
        return out;
    }
    bool was_told_end() const { return (SSL_get_shutdown(tls_) & SSL_RECEIVED_SHUTDOWN) != 0; }

  private:
    void flush() {
        char* data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(tls_), &data);
        const std::string_view all(data, static_cast<std::size_t>(size));
        for (std::size_t at = 0; at < all.size(); at += piece_) raw_.send(all.substr(at, piece_));
        BIO_reset(SSL_get_wbio(tls_));
    }
    bool receive() {
        std::array<char, 65536> buffer{};
        const ssize_t count = ::recv(raw_.descriptor(), buffer.data(), buffer.size(), 0);
        if (count > 0) BIO_write(SSL_get_rbio(tls_), buffer.data(), static_cast<int>(count));
        return count > 0;
    }

    test::RawClient raw_;
    std::size_t piece_;
    SSL_CTX* context_;
    SSL* tls_ = nullptr;
    bool connected_ = false;
};

class HttpServerTls : public testing::Test {
  protected:
    HttpServerTls() : server_(test::echo, limits()) {
        auto identity =
            TlsIdentity::load({certificate_.certificate_file(), certificate_.key_file(), ""});
        server_.server().use_tls(identity.value());
        auto sockets = listen_on_tcp("127.0.0.1", 0);
        ListeningSocket socket = std::move(sockets.value().front());
        port_ = socket.port;
        socket.tls = true;
        server_.server().listen(std::move(socket));
    }

    static ServerLimits limits() {
        ServerLimits limits;
        limits.head_time = std::chrono::milliseconds(700);
        return limits;
    }
    static std::string post(std::string_view body) {
        return "POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: " + std::to_string(body.size()) +
               "\r\n\r\n" + std::string(body);
    }

    TestCertificate certificate_;
    test::TestServer server_;
    std::uint16_t port_ = 0;
};

TEST_F(HttpServerTls, SealedBytesMayComeInAnyPieces) {
    for (const std::size_t piece : {1u, 7u, 1000u}) {
        TlsClient client(port_, piece);
        ASSERT_TRUE(client.connected());
        client.send(post("one"));
        EXPECT_THAT(client.read_until("|one"), StartsWith("HTTP/1.1 200"));
        client.send(post("two") + post("three"));
        EXPECT_THAT(client.read_until("|three"), HasSubstr("|two"));
    }
}

TEST_F(HttpServerTls, LongBodiesComeThroughInBothDirections) {
    TlsClient client(port_);
    const std::string body = std::string(3'000'000, 'x') + "end";
    client.send(post(body));
    const std::string answer = client.read_until("end");
    EXPECT_EQ(test::body_of(answer).size(), body.size() + std::string_view("POST /x?|").size());
}

TEST_F(HttpServerTls, ANewKeyIsTakenUp) {
    TlsClient client(port_);
    client.send(post("before"));
    client.read_until("|before");
    client.send_new_key();
    client.send(post("after"));
    EXPECT_THAT(client.read_until("|after"), EndsWith("|after"));
}

TEST_F(HttpServerTls, EachSideHearsOfTheOthersEnd) {
    {
        TlsClient client(port_);
        client.send("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        EXPECT_THAT(client.read_until("\n\n"), HasSubstr("connection: close"));
        EXPECT_TRUE(client.was_told_end());
    }
    TlsClient leaving(port_);
    leaving.say_end();
    EXPECT_EQ(leaving.read_until("\n\n"), "");
    EXPECT_TRUE(test::TestServer::eventually([&] { return server_.server().connections() == 0; }));
}

TEST_F(HttpServerTls, ABrokenRecordEndsTheConnection) {
    TlsClient client(port_);
    client.send_raw("\x17\x03\x03\x00\x20 these are not thirty-two sealed bytes"sv);
    EXPECT_EQ(client.read_until("\n\n"), "");
}

TEST_F(HttpServerTls, SilenceEndsTheConnection) {
    test::RawClient client(port_);
    EXPECT_EQ(client.read_to_end(std::chrono::seconds(3)).value_or("still open"), "");
}

TEST_F(HttpServerTls, PlainHttpIsToldWhatToDo) {
    test::RawClient client(port_);
    client.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    EXPECT_THAT(client.read_to_end().value_or(""), HasSubstr("https://"));
}

}  // namespace
}  // namespace ccr::net
