#include "gateway/target_try.h"

#include "gateway/admission.h"

namespace ccr::gateway {

using net::Task;

Task<Result<void>> TargetTry::ready(ClientStream* company) {
    CO_TRY_DO(usable(*target_.provider));
    CO_TRY(place_, co_await place_at_provider(call_, *target_.provider));
    call_.reasons.attempt(target_);
    CO_TRY_DO(co_await fetch_media(call_, target_, stream_ ? company : nullptr));
    provider_ = call_.memory.keys.current(*target_.provider);
    auto outcome = co_await ask(company);
    if (outcome || outcome.error().status != 401 || outcome.error().fault != Fault::upstream)
        co_return outcome;
    // Keys that a command prints may have an end.
    const bool renewed = co_await call_.memory.keys.renew(
        *target_.provider, provider_->api_key, call_.exchange, stream_ ? company : nullptr);
    if (!renewed || call_.exchange.gone()) co_return outcome;
    relay_.reset();
    upstream_.reset();
    provider_ = call_.memory.keys.current(*target_.provider);
    co_return co_await ask(company);
}

Task<Result<void>> TargetTry::ask(ClientStream* company) {
    const route::Attempt now{provider_.get(), target_.model};
    upstream_.emplace(call_, now);
    for (;;) {
        CO_TRY_DO(co_await upstream_->start(company));
        relay_.emplace(call_, *upstream_, stream_);
        auto outcome = co_await relay_->ready(company);
        if (outcome || !upstream_->mended_after(outcome.error())) co_return outcome;
    }
}

Task<Result<void>> TargetTry::deliver() {
    call_.reasons.attempt(target_);
    co_return co_await relay_->deliver();
}

net::Clock::time_point TargetTry::last_byte() const {
    return upstream_ ? upstream_->last_byte() : began_;
}

}  // namespace ccr::gateway
