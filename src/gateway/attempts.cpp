#include "gateway/attempts.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <optional>
#include <random>
#include <utility>

#include "base/log.h"
#include "gateway/attempt_order.h"
#include "gateway/hedge.h"
#include "gateway/target_try.h"
#include "gateway/told_error.h"
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

Task<Result<void>> ask(Call& call, const route::Attempt& target, ClientStream* stream) {
    TargetTry attempt(call, target, stream);
    CO_TRY_DO(co_await attempt.ready(stream));
    co_return co_await attempt.deliver();
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
                std::string_view next, std::chrono::milliseconds pause = {}) {
    const std::string reason = loggable(error);
    log::warn("attempt failed", {{"reqId", std::string_view(call.trace.id())},
                                 {"provider", std::string_view(target.provider->name)},
                                 {"key", static_cast<std::int64_t>(target.provider->key_number)},
                                 {"model", std::string_view(target.model)},
                                 {"kind", traits_of(error.kind).name},
                                 {"status", std::int64_t{error.status}},
                                 {"reason", std::string_view(reason)},
                                 {"next", next},
                                 {"pause_ms", static_cast<std::int64_t>(pause.count())}});
}

/// One request's way through its targets.
class Attempts {
  public:
    Attempts(Call& call, const route::Decision& decision, ClientStream* stream)
        : call_(call),
          stream_(stream),
          targets_(attempt_order(decision.attempts, spread(call), call.memory.health)),
          may_hedge_(is_to_be_hedged(call, decision)) {}

    Task<Result<void>> run();

  private:
    static std::string_view spread(const Call& call) {
        return call.facts.session.empty() ? std::string_view(call.trace.id())
                                          : std::string_view(call.facts.session);
    }
    const config::Provider& provider() const { return *targets_[target_].keys[key_]; }
    route::Attempt now() const { return {&provider(), targets_[target_].model}; }
    Task<Result<void>> try_target();
    Task<Result<void>> ask_now();
    Task<Result<void>> ask_two(std::size_t other);
    std::size_t hedge_target();
    void hear_beside(std::size_t target, const std::optional<Error>& error);
    void give_probe_back(const route::Attempt& target, const std::optional<Error>& error);
    void learn(const route::Attempt& target, std::size_t at, const Error& error);
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
    bool may_hedge_;
    bool met_empty_reply_ = false;
    std::int64_t too_small_ = 0;  // a window that the conversation did not fit
    ToldError told_;
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
        ++tries_;
        // A second empty reply is the answer, and so is one that nothing would follow.
        call_.wants_content = !met_empty_reply_ && !call_.continues &&
                              after(make_error(ErrorKind::empty_reply, "")).where != Where::nowhere;
        auto outcome = co_await ask_now();
        if (outcome) co_return outcome;
        const route::NextTry next = after(outcome.error());
        hear(now(), outcome.error(), next);
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

// The first try of a request may be one of two targets at once.
Task<Result<void>> Attempts::ask_now() {
    const std::size_t other = std::exchange(may_hedge_, false) ? hedge_target() : targets_.size();
    const route::Attempt target = now();  // which a coroutine that has not begun only refers to
    Task<Result<void>> asking =
        other < targets_.size() ? ask_two(other) : ask(call_, target, stream_);
    co_return co_await std::move(asking);
}

// Whose answer it was, that one is the target of now. What the other failed with is heard as if it
// had been asked before.
Task<Result<void>> Attempts::ask_two(std::size_t other) {
    const route::Attempt second{targets_[other].keys.front(), targets_[other].model};
    const route::Attempt first = now();
    Hedge hedge(call_, first, second, stream_);
    auto outcome = co_await hedge.run();
    if (!hedge.won_by_second()) {
        hear_beside(other, hedge.failure_of(Hedge::kSecond));
        co_return outcome;
    }
    const auto failed = hedge.failure_of(Hedge::kFirst);
    give_probe_back(first, failed);
    hear_beside(target_, failed);
    target_ = other;
    probes_ = false;
    co_return outcome;
}

// A target that rests, or is about to be probed, is no help in a hurry.
std::size_t Attempts::hedge_target() {
    using Turn = TargetHealth::Turn;
    for (std::size_t at = target_ + 1; at < targets_.size(); ++at) {
        const OrderedTarget& target = targets_[at];
        if (target.rests) continue;
        const config::Provider& provider = *target.keys.front();
        const Turn turn = call_.memory.health.take_turn(provider, target.model);
        if (turn == Turn::yes) return at;
        if (turn == Turn::probe) call_.memory.health.give_turn_back(provider, target.model);
    }
    return targets_.size();
}

void Attempts::hear_beside(std::size_t target, const std::optional<Error>& error) {
    if (!error || error->kind == ErrorKind::client_gone) return;
    const route::Attempt beside{targets_[target].keys.front(), targets_[target].model};
    call_.memory.health.failed(*beside.provider, beside.model, *error);
    log_failed(call_, beside, *error, "the hedge's other target");
    learn(beside, target, *error);
}

// A turn that told nothing of the target: it was called off, or found no place there.
void Attempts::give_probe_back(const route::Attempt& target, const std::optional<Error>& error) {
    const bool no_place =
        error && error->kind == ErrorKind::overloaded && error->fault == Fault::gateway;
    if (probes_ && (!error || no_place))
        call_.memory.health.give_turn_back(*target.provider, target.model);
}

void Attempts::hear(const route::Attempt& target, const Error& error, const route::NextTry& next) {
    // Tries of one request are one failure of its target.
    if (next.where != Where::same_target || interrupted())
        call_.memory.health.failed(*target.provider, target.model, error);
    give_probe_back(target, error);
    if (error.kind == ErrorKind::client_gone) return;
    log_failed(call_, target, error, name_of(next.where), next.pause);
    learn(target, target_, error);
}

// What holds for the tries that follow.
void Attempts::learn(const route::Attempt& target, std::size_t at, const Error& error) {
    told_.hear(error, targets_[at].choice == 0);
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
