// For tests of the HTTP server: a server on threads of its own, and a raw client that sends any
// bytes.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "net/socket_calls.h"

namespace ccr::net::test {

/// A blocking client; every wait ends after ten seconds at the latest.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    /// Connects a socket that was opened before.
    RawClient(std::uint16_t port, Descriptor socket);
    explicit RawClient(const std::string& unix_path);

    bool connected() const { return connected_; }
    /// False when the server has closed.
    bool send(std::string_view bytes);
    /// Bytes up to and including `mark`; what came before the end if it never came.
    std::string read_until(std::string_view mark);
    std::string read_exactly(std::size_t count);
    /// Everything up to the server's close; nullopt when it does not close in time.
    std::optional<std::string> read_to_end(
        std::chrono::milliseconds time = std::chrono::seconds(10));
    /// One answer: its head, and its body by Content-Length or chunks.
    std::string read_answer(bool has_body = true);
    void end_sending();
    void reset();
    void close() { socket_ = Descriptor(); }
    int descriptor() const { return socket_.get(); }

  private:
    bool more(std::chrono::milliseconds time = std::chrono::seconds(10));

    Descriptor socket_;
    std::string buffer_;
    bool connected_ = false;
    bool ended_ = false;
};

/// A server whose refusals are "kind-status target message".
class TestServer {
  public:
    explicit TestServer(Handler handler, ServerLimits limits = {}, std::size_t threads = 1);
    ~TestServer();

    std::uint16_t port() const { return port_; }
    HttpServer& server() { return *server_; }
    asio::io_context& context(std::size_t index = 0) { return *contexts_[index]; }
    std::thread::id thread_of(std::size_t index) const { return threads_[index].get_id(); }
    /// Waits until `condition` holds; false after ten seconds.
    static bool eventually(const std::function<bool()>& condition);

  private:
    std::vector<std::unique_ptr<asio::io_context>> contexts_;
    std::unique_ptr<HttpServer> server_;
    std::vector<std::thread> threads_;
    std::uint16_t port_ = 0;
};

/// Answers 200 with "METHOD path?query|body".
Task<void> echo(Exchange& exchange);

/// The status code of an answer's bytes; 0 when it has none.
int status_of(std::string_view answer);
/// What follows the head.
std::string_view body_of(std::string_view answer);
/// The data of a complete chunked body; nullopt when it is broken or has no end.
std::optional<std::string> unchunk(std::string_view body);

}  // namespace ccr::net::test
