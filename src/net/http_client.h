// HTTP client for upstreams: pooled connections, HTTP/1.1 or HTTP/2, proxies, TLS. One client per
// io_context, used only on that context's thread; no type of the library behind it is visible here.
//
// Cancelling is by destruction or abort(): the upstream sees the end of its connection (or a stream
// reset) at once, and nothing half-read returns to the pool.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/async.h"
#include "net/body_view.h"
#include "net/headers.h"

namespace ccr::net {

struct ClientRequest {
    std::string method = "POST";
    std::string url;     // absolute; http or https
    Headers headers;     // sent as they are; Expect is never sent, Accept-Encoding is identity
    BodyView body;       // must outlive the response's headers()
    std::string proxy;   // "" = by the environment's rules (never for loopback); "direct" = none;
                         // else http://, https://, socks5://, socks5h:// URL (never for loopback)
    bool http2 = false;  // negotiate HTTP/2 (ALPN on https; prior knowledge on http)
    std::chrono::milliseconds connect_time{10'000};
    bool public_only = false;  // connect only to addresses of the open internet, through no proxy:
                               // for URLs that a stranger may have chosen
    std::string ca_file;       // extra trust anchors (tests, private gateways); "" = system's
};

/// One answer under way. Destroying it before its end cancels the transfer.
class ClientResponse {
  public:
    virtual ~ClientResponse() = default;

    /// Waits for the status line and headers. Errors: upstream_unreachable (DNS, connect, TLS,
    /// proxy; each named), upstream_timeout (connect, or `deadline` passed), client_gone after
    /// abort(), permission for an address that `public_only` refuses.
    virtual Task<Result<int>> status(Deadline deadline) = 0;
    virtual const Headers& headers() const = 0;

    /// The next bytes of the body, all that has arrived (at most 256 KB); empty at the clean end.
    /// The view is valid until the next call. Reading is the back-pressure: unread bytes stop the
    /// upstream. upstream_timeout when `deadline` passes first: the transfer goes on and next() may
    /// be called again. upstream_protocol when the body breaks off.
    virtual Task<Result<std::string_view>> next(Deadline deadline) = 0;

    /// Cancels; a waiting call returns client_gone. Idempotent.
    virtual void abort() = 0;

    /// When the last byte (of any kind) arrived: the proof that the upstream lives.
    virtual Clock::time_point last_byte() const = 0;
};

/// What carries the requests. Both behave the same; tests compare them.
enum class Engine : std::uint8_t {
    fastest,  // plain HTTP/1.1 to an address by our own means, everything else by libcurl
    libcurl,  // everything
};

/// Whether a request goes by libcurl, which is loaded with the first that does.
bool needs_libcurl(const ClientRequest& request);

/// Loads it ahead, so that no request waits for that. Some milliseconds; any thread. Error:
/// upstream_unreachable, as status() would have it.
Result<void> load_libcurl();

/// Its idle connections keep the context running: whoever ends when a request has ended stops it.
class HttpClient {
  public:
    explicit HttpClient(asio::io_context& context, Engine engine = Engine::fastest);
    ~HttpClient();

    std::unique_ptr<ClientResponse> start(const ClientRequest& request);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace ccr::net
