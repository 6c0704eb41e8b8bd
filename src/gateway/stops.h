// Stops: requests under way that somebody else than their client may end, by session.
//
// Stops: any thread. StoppableExchange: its request's own thread; it lives in the coroutine that
// serves the request.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "net/async.h"
#include "net/http_server.h"

namespace ccr::gateway {

class Stops {
  public:
    using Stop = std::function<void()>;

    std::uint64_t add(Stop stop);
    void belongs_to(std::uint64_t number, const std::string& session);
    void remove(std::uint64_t number);

    /// Ends what is under way of this session; how many requests that were.
    std::size_t stop(std::string_view session);

  private:
    struct Entry {
        std::string session;
        Stop stop;
    };
    std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::unordered_map<std::uint64_t, Entry> entries_;
};

/// A client's exchange that looks as if the client had left once it is stopped, except that it can
/// still be written to, so that the client is told.
class StoppableExchange final : public net::Exchange {
  public:
    /// All must outlive it; `stops` may be nullptr.
    StoppableExchange(net::Exchange& client, Stops* stops, net::asio::io_context& context);
    ~StoppableExchange() override;
    StoppableExchange(const StoppableExchange&) = delete;
    StoppableExchange& operator=(const StoppableExchange&) = delete;

    void belongs_to(const std::string& session);
    bool stopped() const { return stopped_; }
    /// What the client is told in the place of `error`, when it was stopped.
    Error told(Error error) const;

    const net::RequestHead& head() const override { return client_.head(); }
    net::Task<Result<std::string>> read_body(std::size_t limit) override {
        return client_.read_body(limit);
    }
    void body_is_gone() override { client_.body_is_gone(); }
    net::Task<Result<void>> send(net::Answer answer) override;
    net::Task<Result<void>> open(int status, net::Headers headers, std::string_view first) override;
    net::Task<Result<void>> write(std::string_view bytes) override { return client_.write(bytes); }
    net::Task<Result<void>> finish(std::string_view last) override { return client_.finish(last); }
    net::Task<Result<void>> send_chunked(int status, net::Headers headers,
                                         std::string_view all) override;
    void abort() override { client_.abort(); }
    void when_gone(std::function<void()> callback) override;
    bool gone() const override { return stopped_ || client_.gone(); }
    bool opened() const override { return client_.opened(); }

  private:
    void stop();
    void run_callback();

    net::Exchange& client_;
    Stops* stops_;
    std::uint64_t number_ = 0;
    std::shared_ptr<StoppableExchange*> self_;  // for calls that come from other threads
    std::function<void()> callback_;
    bool stopped_ = false;
};

}  // namespace ccr::gateway
