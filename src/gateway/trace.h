// Trace: what happened to one request. Settled is told exactly once, when the trace has ended.
//
// Telling takes as long as routing, so it is afterwork, milliseconds later. The order of a
// request's events is kept.
//
// One thread, that of the request.
#pragma once

#include <string>

#include "chat/loss.h"
#include "chat/reply.h"
#include "event/bus.h"
#include "gateway/afterwork.h"
#include "gateway/price.h"
#include "net/async.h"
#include "route/route.h"

namespace ccr::gateway {

/// An error's message for a log: a provider's own words may quote the prompt and are left out.
std::string loggable(const Error& error);

class Trace {
  public:
    /// `bus` must outlive the afterwork, and that the trace. nullptr: all is told at once.
    Trace(const event::Bus& bus, Afterwork* afterwork, std::string request_id);
    ~Trace();
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    const std::string& id() const { return settled_.request; }
    void routed(const route::Facts& facts, const route::Decision& decision, std::size_t bytes);
    void attempted(const std::string& target, std::string_view lane, const chat::Losses& losses);
    /// Two targets were asked at once; the one that won is the request's. `hedged` without the
    /// request.
    void hedged(event::Hedged hedged);
    /// The first content has come: of a stream, or with all the rest of a whole answer.
    void first_content();
    void whole_content();
    /// So many tokens of the answer have come, the last of them at `at`.
    void written(std::int64_t tokens, net::Clock::time_point at, bool ended);
    void usage(const chat::Usage& usage);
    void answered(int status) { settled_.status = status; }
    void failed(const Error& error);
    /// Tells the cost and the window by `config`, once all tokens are known.
    void priced(const config::Config& config) { price(settled_, config); }
    /// What the end will say, as far as it is known.
    const event::Settled& so_far() const { return settled_; }

  private:
    bool note_content();
    void tell(event::Event event);

    const event::Bus& bus_;
    Afterwork* afterwork_;
    event::Settled settled_;
    net::Clock::time_point began_ = net::Clock::now();
};

}  // namespace ccr::gateway
