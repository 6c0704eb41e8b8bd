// CancellableExchange: an Exchange as one of several sees it who work on the same answer. Who is
// called off is told that the client has left, and ends as it would then.
//
// The thread of the exchange that it stands before, which must outlive it.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "net/http_server.h"

namespace ccr::gateway {

class CancellableExchange final : public net::Exchange {
  public:
    explicit CancellableExchange(net::Exchange& whole) : whole_(whole) {}

    /// To whom this is handed, the client is gone from now on.
    void cancel() {
        is_cancelled_ = true;
        client_left();
    }
    /// Runs the callback of when_gone(), if there is one: the exchange behind this, which tells one
    /// listener only, has lost its client.
    void client_left() {
        if (const auto callback = std::exchange(when_gone_, {})) callback();
    }

    const net::RequestHead& head() const override { return whole_.head(); }
    net::Task<Result<std::string>> read_body(std::size_t limit) override {
        return whole_.read_body(limit);
    }
    net::Task<Result<void>> send(net::Answer answer) override {
        return whole_.send(std::move(answer));
    }
    net::Task<Result<void>> open(int status, net::Headers headers,
                                 std::string_view first) override {
        return whole_.open(status, std::move(headers), first);
    }
    net::Task<Result<void>> write(std::string_view bytes) override { return whole_.write(bytes); }
    net::Task<Result<void>> finish(std::string_view last) override { return whole_.finish(last); }
    net::Task<Result<void>> send_chunked(int status, net::Headers headers,
                                         std::string_view all) override {
        return whole_.send_chunked(status, std::move(headers), all);
    }
    void abort() override { whole_.abort(); }
    void when_gone(std::function<void()> callback) override {
        when_gone_ = std::move(callback);
        if (when_gone_ && gone()) client_left();
    }
    bool gone() const override { return is_cancelled_ || whole_.gone(); }
    bool opened() const override { return whole_.opened(); }

  private:
    net::Exchange& whole_;
    std::function<void()> when_gone_;
    bool is_cancelled_ = false;
};

}  // namespace ccr::gateway
