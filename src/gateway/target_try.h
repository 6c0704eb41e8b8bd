// TargetTry: one target asked once, with all that belongs to it - its place under the limits, its
// media, its key (fetched anew where it was refused) - and its answer.
//
// Lives in one request's coroutine. Destroying it cancels what is under way and gives the place
// back.
#pragma once

#include <memory>
#include <optional>

#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "gateway/places.h"
#include "gateway/relay.h"
#include "gateway/upstream_call.h"
#include "route/route.h"

namespace ccr::gateway {

class TargetTry {
  public:
    /// `stream`: the client's half, nullptr for a whole answer. `call` and the target's provider
    /// must outlive this.
    TargetTry(Call& call, route::Attempt target, ClientStream* stream)
        : call_(call), target_(std::move(target)), stream_(stream) {}

    /// Asks, until there is an answer worth committing to; `company` (if any) is kept company
    /// meanwhile. Error: what the provider or the network said; client_gone.
    net::Task<Result<void>> ready(ClientStream* company);

    /// After ready(): see Relay::deliver().
    net::Task<Result<void>> deliver();

    const route::Attempt& target() const { return target_; }
    /// The target was sent a request; before, it waits for its place or its media.
    bool was_sent() const { return upstream_ && upstream_->was_sent(); }
    /// When the upstream last proved to be alive.
    net::Clock::time_point last_byte() const;

  private:
    net::Task<Result<void>> ask(ClientStream* company);

    Call& call_;
    route::Attempt target_;
    ClientStream* stream_;
    Places::Place place_;
    std::shared_ptr<const config::Provider> provider_;  // with the key of now
    const net::Clock::time_point began_ = net::Clock::now();
    std::optional<UpstreamCall> upstream_;
    std::optional<Relay> relay_;
};

}  // namespace ccr::gateway
