// TokenMeter: counts the tokens of an answer while it comes, for those who are told of its speed.
//
// Of one request, over all targets that answer it in turn; in its coroutine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "chat/stream_event.h"
#include "gateway/trace.h"
#include "net/async.h"
#include "tokens/count.h"

namespace ccr::gateway {

/// Appends what of an event costs tokens: text, thoughts and arguments.
void append_told(const chat::StreamEvent& event, std::string& out);

class TokenMeter {
  public:
    /// `trace` must outlive the meter.
    explicit TokenMeter(Trace& trace) : trace_(trace) {}
    ~TokenMeter();
    TokenMeter(const TokenMeter&) = delete;
    TokenMeter& operator=(const TokenMeter&) = delete;

    /// What comes from now on is of this model's tokens.
    void counts_as(const config::Provider& provider, std::string_view model);
    /// Takes what has just come, plain UTF-8; tells of it at most once a second, and at the end.
    void take(std::string_view text);
    void take(chat::Reply& reply);

  private:
    void tell(bool ended);

    Trace& trace_;
    std::shared_ptr<const tokens::Counter> counter_;
    std::string uncounted_;
    std::int64_t tokens_ = 0;
    bool is_told_ = true;
    net::Clock::time_point last_content_, told_at_;
};

}  // namespace ccr::gateway
