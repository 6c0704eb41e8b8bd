// OwnExchange: a client that stays until it has what it wants, and keeps what it is answered.
//
// One request, one thread.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "net/http_server.h"

namespace ccr::doctor {

class OwnExchange final : public net::Exchange {
  public:
    /// `leaves_at`: a text of the answer with which it leaves; "" = it stays.
    OwnExchange(std::string body, std::string leaves_at);

    const net::RequestHead& head() const override { return head_; }
    net::Task<Result<std::string>> read_body(std::size_t) override;
    net::Task<Result<void>> send(net::Answer answer) override;
    net::Task<Result<void>> open(int code, net::Headers, std::string_view first) override;
    net::Task<Result<void>> write(std::string_view bytes) override;
    net::Task<Result<void>> finish(std::string_view last) override;
    net::Task<Result<void>> send_chunked(int code, net::Headers, std::string_view all) override;
    void abort() override { status_ = 0; }
    void when_gone(std::function<void()> callback) override;
    bool gone() const override { return gone_; }
    bool opened() const override { return opened_; }

    int status() const { return status_; }
    const std::string& text() const { return text_; }

  private:
    Result<void> take(std::string_view bytes);

    net::RequestHead head_;
    std::string body_, leaves_at_, text_;
    std::function<void()> when_gone_;
    int status_ = 0;
    bool opened_ = false, gone_ = false;
};

}  // namespace ccr::doctor
