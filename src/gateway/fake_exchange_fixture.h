// FakeExchange: an Exchange that keeps what it is sent, for tests of what sits above the server.
#pragma once

#include <string>
#include <vector>

#include "net/http_server.h"

namespace ccr::gateway {

class FakeExchange final : public net::Exchange {
  public:
    net::RequestHead request;
    std::string body;
    std::vector<std::string> writes;  // one per call that brought bytes
    std::vector<net::Answer> answers;
    bool is_open = false, finished = false, aborted = false, is_gone = false;

    const net::RequestHead& head() const override { return request; }
    net::Task<Result<std::string>> read_body(std::size_t) override { co_return body; }
    net::Task<Result<void>> send(net::Answer answer) override;
    net::Task<Result<void>> open(int, net::Headers, std::string_view first) override;
    net::Task<Result<void>> write(std::string_view bytes) override;
    net::Task<Result<void>> finish(std::string_view last) override;
    net::Task<Result<void>> send_chunked(int, net::Headers, std::string_view all) override;
    void abort() override { aborted = true; }
    void when_gone(std::function<void()>) override {}
    bool gone() const override { return is_gone; }
    bool opened() const override { return is_open; }

    /// Everything streamed so far.
    std::string streamed() const;
};

/// Runs one task to its end on a context of its own.
void run_task(net::Task<void> task);

}  // namespace ccr::gateway
