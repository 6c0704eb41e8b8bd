#include "gateway/attempts.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <optional>
#include <random>
#include <utility>

#include "base/log.h"
#include "gateway/admission.h"
#include "gateway/attempt_order.h"
#include "gateway/relay.h"
#include "gateway/upstream_call.h"
#include "net/wakeup.h"
#include "route/next_try.h"

namespace ccr::gateway {
namespace {

using net::Task;
using Where = route::NextTry::Where;

double jitter() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(random);
}

Task<Result<void>> ask(Call& call, route::Attempt target, ClientStream* stream) {
    UpstreamCall upstream(call, target);
    for (;;) {
        CO_TRY_DO(co_await upstream.start(stream));
        Task<Result<void>> relay =
            stream ? relay_stream(call, upstream, *stream) : relay_whole(call, upstream);
        auto outcome = co_await std::move(relay);
        if (outcome || !upstream.mended_after(outcome.error())) co_return outcome;
    }
}

Task<Result<void>> attempt(Call& call, const route::Attempt& target, ClientStream* stream) {
    CO_TRY_DO(usable(*target.provider));
    CO_TRY(const Places::Place place, co_await place_at_provider(call, *target.provider));
    call.reasons.attempt(target);
    CO_TRY_DO(co_await fetch_media(call, target, stream));
    auto provider = call.memory.keys.current(*target.provider);
    route::Attempt now{provider.get(), target.model};
    auto outcome = co_await ask(call, now, stream);
    if (outcome || outcome.error().status != 401 || outcome.error().fault != Fault::upstream)
        co_return outcome;
    // Keys that a command prints may have an end.
    const bool renewed = co_await call.memory.keys.renew(*target.provider, provider->api_key);
    if (!renewed || call.exchange.gone()) co_return outcome;
    provider = call.memory.keys.current(*target.provider);
    now.provider = provider.get();
    co_return co_await ask(call, now, stream);
}

std::string_view name_of(Where where) {
    switch (where) {
        case Where::same_target:
            return "the same target again";
        case Where::next_key:
            return "the next key";
        case Where::next_target:
            return "the next target";
        case Where::nowhere:
            break;
    }
    return "none";
}

void log_failed(const Call& call, const route::Attempt& target, const Error& error,
                const route::NextTry& next) {
    const std::string reason = loggable(error);
    log::warn("attempt failed", {{"reqId", std::string_view(call.trace.id())},
                                 {"provider", std::string_view(target.provider->name)},
                                 {"key", static_cast<std::int64_t>(target.provider->key_number)},
                                 {"model", std::string_view(target.model)},
                                 {"kind", traits_of(error.kind).name},
                                 {"status", std::int64_t{error.status}},
                                 {"reason", std::string_view(reason)},
                                 {"next", name_of(next.where)},
                                 {"pause_ms", static_cast<std::int64_t>(next.pause.count())}});
}

// Which error the client is told: one that is worth its own retry before one that is not, then the
// asked target's before a fallback's, then the last.
class Told {
  public:
    void hear(const Error& error, bool of_asked_target) {
        const int rank = 2 * (is_worth_a_retry(error) ? 1 : 0) + (of_asked_target ? 1 : 0);
        if (rank < rank_) return;
        auto sooner = error.retry_after;
        if (rank == rank_ && error_->retry_after)
            sooner = std::min(sooner.value_or(*error_->retry_after), *error_->retry_after);
        rank_ = rank;
        error_ = error;
        error_->retry_after = sooner;
    }
    Error take() { return std::move(*error_); }

  private:
    static bool is_worth_a_retry(const Error& error) {
        return error.kind == ErrorKind::rate_limit || error.kind == ErrorKind::overloaded ||
               error.kind == ErrorKind::upstream_timeout;
    }
    std::optional<Error> error_;
    int rank_ = -1;
};

/// One request's way through its targets.
class Attempts {
  public:
    Attempts(Call& call, const route::Decision& decision, ClientStream* stream)
        : call_(call),
          stream_(stream),
          targets_(attempt_order(decision.attempts, spread(call), call.memory.health)) {}

    Task<Result<void>> run();

  private:
    static std::string_view spread(const Call& call) {
        return call.facts.session.empty() ? std::string_view(call.trace.id())
                                          : std::string_view(call.facts.session);
    }
    const config::Provider& provider() const { return *targets_[target_].keys[key_]; }
    Task<Result<void>> try_target();
    void take_turn();
    void hear(const route::Attempt& target, const Error& error, const route::NextTry& next);
    route::NextTry after(const Error& error) const;
    bool has_another_key(bool has_another_target) const;
    std::size_t next_target() const;
    bool interrupted() const;
    void go_on_with_delivered();
    Task<void> pause(std::chrono::milliseconds time);

    Call& call_;
    ClientStream* stream_;
    std::vector<OrderedTarget> targets_;
    std::size_t target_ = 0;
    std::size_t key_ = 0;
    int tries_ = 0;
    bool probes_ = false;  // this target, which comes out of its rest
    bool met_empty_reply_ = false;
    std::int64_t too_small_ = 0;  // a window that the conversation did not fit
    Told told_;
};

Task<Result<void>> Attempts::run() {
    if (targets_.empty()) co_return fail(ErrorKind::internal, "routing chose no target");
    for (; target_ < targets_.size(); target_ = next_target()) {
        take_turn();
        key_ = 0;
        tries_ = 0;
        auto outcome = co_await try_target();
        if (outcome || outcome.error().kind == ErrorKind::client_gone) co_return outcome;
        if (outcome.error().retry == Retry::no) break;
    }
    co_return std::unexpected(told_.take());
}

// Targets that came to rest since the order was made, or that another request probes, are tried
// after the others; when they come up once more, they are asked all the same.
void Attempts::take_turn() {
    using Turn = TargetHealth::Turn;
    const auto at = targets_.begin() + static_cast<std::ptrdiff_t>(target_);
    for (;;) {
        const Turn turn = call_.memory.health.take_turn(*at->keys.front(), at->model);
        probes_ = turn == Turn::probe;
        if (turn != Turn::no || at->rests) return;
        at->rests = true;
        std::rotate(at, at + 1, targets_.end());
    }
}

// One target to its end: its retries and its keys.
Task<Result<void>> Attempts::try_target() {
    for (;;) {
        const route::Attempt now{&provider(), targets_[target_].model};
        ++tries_;
        // A second empty reply is the answer, and so is one that nothing would follow.
        call_.wants_content = !met_empty_reply_ && !call_.continues &&
                              after(make_error(ErrorKind::empty_reply, "")).where != Where::nowhere;
        auto outcome = co_await attempt(call_, now, stream_);
        if (outcome) co_return outcome;
        const route::NextTry next = after(outcome.error());
        hear(now, outcome.error(), next);
        if (next.where != Where::nowhere) go_on_with_delivered();
        if (next.where == Where::same_target) co_await pause(next.pause);
        if (call_.exchange.gone())
            co_return fail(ErrorKind::client_gone, "The client left before an answer.");
        if (next.where == Where::next_target || next.where == Where::nowhere) co_return outcome;
        if (next.where == Where::next_key) {
            ++key_;
            tries_ = 0;
        }
    }
}

void Attempts::hear(const route::Attempt& target, const Error& error, const route::NextTry& next) {
    // Tries of one request are one failure of its target.
    if (next.where != Where::same_target || interrupted())
        call_.memory.health.failed(*target.provider, target.model, error);
    const bool no_place = error.kind == ErrorKind::overloaded && error.fault == Fault::gateway;
    if (probes_ && no_place) call_.memory.health.give_turn_back(*target.provider, target.model);
    if (error.kind == ErrorKind::client_gone) return;
    log_failed(call_, target, error, next);
    told_.hear(error, targets_[target_].choice == 0);
    met_empty_reply_ = met_empty_reply_ || error.kind == ErrorKind::empty_reply;
    if (error.kind != ErrorKind::context_overflow) return;
    const auto window = config::traits_of(*target.provider, target.model).context_window;
    too_small_ = std::max(too_small_, window.value_or(0));
}

route::NextTry Attempts::after(const Error& error) const {
    const bool another_target = next_target() < targets_.size();
    const route::Tried tried{tries_, has_another_key(another_target), another_target,
                             interrupted()};
    return route::next_try(error, tried, route::effective_retry(provider(), *call_.config),
                           jitter());
}

bool Attempts::interrupted() const {
    return stream_ && stream_->continuation() && stream_->continuation()->interrupted();
}

void Attempts::go_on_with_delivered() {
    if (!interrupted()) return;
    stream_->continuation()->resume(call_.conversation);
    call_.continues = true;
}

// A key that rests is asked only when no other target is left.
bool Attempts::has_another_key(bool has_another_target) const {
    const OrderedTarget& target = targets_[target_];
    if (key_ + 1 >= target.keys.size()) return false;
    return !has_another_target ||
           !call_.memory.health.is_resting(*target.keys[key_ + 1], target.model);
}

// What did not fit one window is not sent to one that is no larger.
std::size_t Attempts::next_target() const {
    std::size_t next = target_ + 1;
    for (; next < targets_.size() && too_small_ > 0; ++next) {
        const OrderedTarget& target = targets_[next];
        const auto window = config::traits_of(*target.keys.front(), target.model).context_window;
        if (!window || *window > too_small_) break;
    }
    return next;
}

// Ends early when the client leaves; a stream is kept alive meanwhile.
Task<void> Attempts::pause(std::chrono::milliseconds time) {
    if (call_.exchange.gone()) co_return;
    const auto executor = co_await net::asio::this_coro::executor;
    auto& context = net::asio::query(executor, net::asio::execution::context);
    net::Wakeup wakeup(static_cast<net::asio::io_context&>(context));
    call_.exchange.when_gone([&wakeup] { wakeup.notify(); });
    const net::Deadline end = net::Clock::now() + time;
    while (net::Clock::now() < end && !call_.exchange.gone()) {
        const net::Deadline wake = stream_ ? std::min(end, stream_->next_heartbeat()) : end;
        co_await wakeup.wait(wake);
        if (!stream_ || net::Clock::now() < stream_->next_heartbeat()) continue;
        auto beat = co_await stream_->heartbeat(net::Clock::time_point::min());
        if (!beat) break;
    }
    call_.exchange.when_gone({});
}

}  // namespace

Task<Result<void>> first_working(Call& call, const route::Decision& decision,
                                 ClientStream* stream) {
    Attempts attempts(call, decision, stream);
    co_return co_await attempts.run();
}

}  // namespace ccr::gateway
