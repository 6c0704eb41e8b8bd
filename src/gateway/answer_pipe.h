// AnswerPipe: a ClientResponse whose bytes somebody of this house writes - what the gateway made of
// an answer, for who reads answers as a provider sends them.
//
// One thread. PipedResponse and its writer share the pipe; either may end first.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/http_client.h"
#include "net/wakeup.h"

namespace ccr::gateway {

class AnswerPipe {
  public:
    AnswerPipe(net::asio::io_context& context, int status, net::Headers headers)
        : status_(status), headers_(std::move(headers)), written_(context), taken_(context) {}

    void write(std::string_view bytes);
    /// The end; `bytes` are the last.
    void finish(std::string_view bytes);
    /// Returns when all that was written has been read, nobody reads any more, or at `deadline`.
    net::Task<void> drained(net::Deadline deadline);
    bool is_drained() const { return bytes_.empty() || abandoned_; }

  private:
    friend class PipedResponse;
    const int status_;
    const net::Headers headers_;
    std::string bytes_;  // written and not read
    bool ended_ = false, abandoned_ = false;
    net::Wakeup written_, taken_;
};

class PipedResponse final : public net::ClientResponse {
  public:
    explicit PipedResponse(std::shared_ptr<AnswerPipe> pipe) : pipe_(std::move(pipe)) {}
    ~PipedResponse() override { abort(); }

    net::Task<Result<int>> status(net::Deadline) override { co_return pipe_->status_; }
    const net::Headers& headers() const override { return pipe_->headers_; }
    net::Task<Result<std::string_view>> next(net::Deadline deadline) override;
    void abort() override;
    net::Clock::time_point last_byte() const override { return net::Clock::now(); }

  private:
    std::shared_ptr<AnswerPipe> pipe_;
    std::string given_;
};

}  // namespace ccr::gateway
