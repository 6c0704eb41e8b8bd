// CurlMultiDriver: one libcurl multi handle run by one io_context. Owns the connection pool, the
// shared TLS sessions, the socket watches and the timer; knows transfers only as things that get
// told their end.
//
// The io_context's thread only. No user code runs inside libcurl's callbacks, so every call is safe
// between two handlers. After close() nothing is called any more.
#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "net/async.h"
#include "net/curl_socket_watch.h"

namespace ccr::net {

/// One easy handle in the multi. The object behind CURLOPT_PRIVATE of every handle given to add().
class CurlJob {
  public:
    virtual ~CurlJob() = default;
    /// The transfer has ended by itself; the handle is out of the multi afterwards.
    virtual void on_done(CURLcode result) = 0;
    /// The driver is closing; the handle must be given up now.
    virtual void on_close() = 0;

  private:
    friend class CurlMultiDriver;
    std::size_t slot_ = 0;
};

class CurlMultiDriver : public std::enable_shared_from_this<CurlMultiDriver> {
  public:
    /// An idle connection that its upstream has ended is closed about so much later.
    static constexpr std::chrono::seconds kPruneTime{2};

    explicit CurlMultiDriver(asio::io_context& context);
    ~CurlMultiDriver();
    CurlMultiDriver(const CurlMultiDriver&) = delete;
    CurlMultiDriver& operator=(const CurlMultiDriver&) = delete;

    asio::io_context& context() { return context_; }

    /// A fresh or recycled easy handle that shares the TLS sessions. The first one opens the multi
    /// and loads libcurl. Errors: client_gone after close(), and those of load_curl().
    Result<CURL*> take_handle();
    /// Back to the store. Only handles whose transfer ended cleanly: an abandoned one may hold
    /// data.
    void recycle(CURL* easy);

    bool add(CURL* easy, CurlJob& job);
    /// Takes a handle out whose transfer has ended.
    void remove(CURL* easy, CurlJob& job);
    /// Takes a running handle out so that the upstream sees the end at once, and destroys it.
    void cancel(CURL* easy, CurlJob& job);

    /// Ends all jobs and closes all connections.
    void close();

  private:
    class Pruning;

    Result<void> open();
    bool enter(CURL* easy, CurlJob& job);
    void prune_later();
    void prune();

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watch);
    static int on_timer(CURLM* multi, long milliseconds, void* self);

    void watch(curl_socket_t socket, int what, SocketWatch* known);
    void act(curl_socket_t socket, int events);
    void collect_results();
    void arm_timer();
    void post_action();

    asio::io_context& context_;
    CURLM* multi_ = nullptr;  // from the first handle to close()
    bool closed_ = false;
    CURLSH* share_ = nullptr;
    asio::steady_timer timer_;
    Deadline due_ = kNever;        // when libcurl wants to be called
    Deadline armed_for_ = kNever;  // when the timer fires; earlier than due_ when due_ moved away
    bool posted_ = false;
    asio::steady_timer prune_timer_;
    bool prunes_soon_ = false;
    Clock::time_point used_at_;  // by a transfer, as far as is known
    std::unique_ptr<Pruning> pruning_;
    std::unordered_map<curl_socket_t, std::shared_ptr<SocketWatch>> watches_;
    std::vector<CurlJob*> jobs_;
    std::vector<CURL*> spare_;
};

}  // namespace ccr::net
