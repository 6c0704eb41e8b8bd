// HTTP/1.1 server: owns listeners and connections, hands each request to a handler as an Exchange.
// Knows no JSON and no routes; refuses what is unsafe to read (smuggling, oversized heads) by
// itself.
//
// An Exchange lives on one thread, from the handler's start to its end. The server may run on
// several io_contexts; accepted connections are dealt to them in turn.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/async.h"
#include "net/headers.h"
#include "net/listener_socket.h"
#include "net/tls_identity.h"

namespace ccr::net {

/// The head of one request. `path` is percent-encoded as received; `query` is what follows '?'.
struct RequestHead {
    std::string method;
    std::string target;
    std::string path;
    std::string query;
    Headers headers;
    std::string peer;   // "127.0.0.1:51234", or "unix"
    std::string local;  // address the connection came in on
    bool over_unix_socket = false;
    bool over_tls = false;  // with a certificate of the name that the client asked for
    std::uint32_t peer_uid =
        0;  // of a unix-socket peer (SO_PEERCRED), checked by the listener's owner
};

/// Bytes of a request body, followed by at least kBodyPadding readable bytes beyond size().
inline constexpr std::size_t kBodyPadding = 64;

struct Answer {
    int status = 200;
    Headers headers;  // content-length, date and connection are added by the server
    std::string body;
    /// Passed along over a unix socket (SCM_RIGHTS); they stay the handler's. A broken answer where
    /// that cannot be.
    std::vector<int> descriptors = {};
};

/// One request and its answer.
class Exchange {
  public:
    virtual ~Exchange() = default;

    virtual const RequestHead& head() const = 0;

    /// Reads the whole body (identity or chunked), answering `Expect: 100-continue` first. The
    /// string's capacity exceeds its size by kBodyPadding. Errors: request_too_large,
    /// request_timeout, invalid_request (broken chunking), client_gone, overloaded (too much is
    /// held in memory already).
    virtual Task<Result<std::string>> read_body(std::size_t limit) = 0;
    /// The body was freed before the exchange ends: it is held no longer.
    virtual void body_is_gone() {}

    /// Sends a complete answer.
    virtual Task<Result<void>> send(Answer answer) = 0;

    /// Opens a chunked answer: head and `first` bytes leave in one segment.
    virtual Task<Result<void>> open(int status, Headers headers, std::string_view first) = 0;
    /// Writes one chunk and returns when the socket has taken it (back-pressure).
    virtual Task<Result<void>> write(std::string_view bytes) = 0;
    /// Writes the last bytes (or none) and ends a chunked answer cleanly, in one segment.
    virtual Task<Result<void>> finish(std::string_view last) = 0;
    /// A chunked answer that is complete already: opened, written and ended in one segment.
    virtual Task<Result<void>> send_chunked(int status, Headers headers, std::string_view all) = 0;
    /// Ends the connection without a clean end, so that the client sees a broken answer.
    virtual void abort() = 0;

    /// `callback` runs once, on this thread, when the client closes or resets its connection (EOF
    /// on read counts, pipelined bytes do not) before the answer is complete. Runs at once if it
    /// already left. Replaces an earlier callback; an empty function removes it.
    virtual void when_gone(std::function<void()> callback) = 0;
    virtual bool gone() const = 0;
    virtual bool opened() const = 0;  // the head of the answer has been sent
};

using Handler = std::function<Task<void>(Exchange&)>;
/// Turns a refusal born inside the server (bad head, smuggling, too many headers) into a body in
/// the client's shape; `target` may be empty when the request line could not be read.
using RefusalWriter = std::function<Answer(const Error&, std::string_view target)>;

struct ServerLimits {
    std::size_t head_bytes = 64 * 1024;
    std::chrono::milliseconds head_time{30'000};        // first byte of a head to its end
    std::chrono::milliseconds keep_alive_time{75'000};  // idle between requests
    std::chrono::milliseconds body_silence{60'000};     // no byte of a body for so long
    std::chrono::milliseconds write_silence{600'000};   // the client takes no byte for so long
    std::size_t max_connections = 20'000;
    std::size_t body_bytes = 0;  // of all request bodies held in memory together; 0 = no limit
};

/// Why a server stops accepting. `handed_over`: another process goes on with the same listening
/// sockets, so socket files stay and what waits to be accepted is left to it.
enum class Ending : std::uint8_t { stop, handed_over };

class HttpServer {
  public:
    /// `contexts` must outlive the server; each is run by one thread.
    HttpServer(std::vector<asio::io_context*> contexts, ServerLimits limits, Handler handler,
               RefusalWriter refusal);
    ~HttpServer();

    /// Binds and listens (never SO_REUSEPORT). Port 0 picks one. Returns the bound port.
    /// Error: config, naming address, port and the system's reason.
    Result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port);
    /// A unix socket of mode 0600 at `path`; an existing socket file is replaced.
    Result<void> listen_unix(const std::string& path);

    /// Serves a socket that listens already.
    void listen(ListeningSocket socket);
    /// What sockets that speak TLS need; before they are listened on.
    void use_tls(std::shared_ptr<TlsIdentity> identity);

    /// Stops accepting; running exchanges go on. Each connection that is open or waits to be
    /// accepted still gets one answer: a refusal, or with `handed_over` that of the handler.
    void stop_accepting(Ending ending);
    /// Exchanges under way.
    std::size_t active() const;
    /// Open connections, idle ones included.
    std::size_t connections() const;
    /// Closes everything.
    void close();

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace ccr::net
