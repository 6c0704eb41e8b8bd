// DirectPool: what DirectTransfers share - idle connections, by endpoint, and room to read into -
// and the transfers under way, so that all of them end with their client. An idle connection that
// the upstream ends is closed within kRestTime.
//
// The io_context's thread only. Shared by the client and its transfers; waits for upstreams do not
// keep it alive.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "net/async.h"

namespace ccr::net {

using DirectSocket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// A transfer as its pool sees it.
class DirectJob {
  public:
    virtual ~DirectJob() = default;
    /// The client is closing; the connection must be given up now.
    virtual void on_close() = 0;
};

class DirectPool : public std::enable_shared_from_this<DirectPool> {
  public:
    static constexpr std::size_t kMostIdle = 64;
    static constexpr std::size_t kReadBytes = 64 * 1024;
    static constexpr std::chrono::milliseconds kRestTime{100};

    explicit DirectPool(asio::io_context& context) : context_(context), timer_(context) {}

    asio::io_context& context() { return context_; }
    bool closed() const { return closed_; }

    void join(DirectJob& job) { jobs_.insert(&job); }
    void leave(DirectJob& job) { jobs_.erase(&job); }

    /// The connection used last among those that the upstream has not ended.
    std::optional<DirectSocket> take(const std::string& endpoint);
    void keep(const std::string& endpoint, DirectSocket socket);

    /// Room for kReadBytes, borrowed while there is something to read: of a thousand streams a few
    /// have bytes at any moment.
    std::unique_ptr<char[]> lend_room();
    void give_back(std::unique_ptr<char[]> room);

    /// Closes what is idle. False when nothing was.
    bool drop_idle();

    /// Ends all jobs and closes all connections.
    void close();

  private:
    struct Idle {
        std::string endpoint;
        DirectSocket socket;
        Clock::time_point since;
        std::uint64_t number;
        bool is_watched = false;
    };

    void watch_later();
    void watch_rested();
    void watch(Idle& idle);
    void on_readable(std::uint64_t number);

    asio::io_context& context_;
    asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, asio::io_context::executor_type>
        timer_;
    bool watches_soon_ = false;
    std::list<Idle> idle_;  // used last in front
    std::uint64_t kept_ = 0;
    std::unique_ptr<char[]> spare_room_;
    std::unordered_set<DirectJob*> jobs_;
    bool closed_ = false;
};

}  // namespace ccr::net
