#include "gateway/hedge.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <utility>

#include "chat/copy.h"
#include "gateway/cancellable_exchange.h"
#include "gateway/target_try.h"

namespace ccr::gateway {
namespace {

using net::Task;

// Encoding edits a conversation in place, so that each side needs its own.
Call copy_for(const Call& call, net::Exchange& exchange) {
    return Call{exchange,
                call.http,
                call.google,
                call.scripts,
                call.address,
                call.client,
                call.config,
                call.projects,
                call.pace,
                call.memory,
                call.trace,
                call.reasons,
                {},  // what is read of the body is viewed by root and the conversation
                {},
                call.root,
                chat::copy_of(call.conversation),
                call.facts,
                call.edits,
                call.home,
                call.wants_content,
                call.continues,
                call.media,
                call.stop};
}

std::string name_of(const route::Attempt& target) {
    return fmt::format("{},{}", target.provider->name, target.model);
}

std::string sentence(const event::Hedged& hedged) {
    std::string out =
        fmt::format("hedge: {} was asked as well after {} ms; {}", hedged.second,
                    hedged.after.count(), hedged.won.empty() ? "none won" : hedged.won + " won");
    if (!hedged.cancelled.empty()) out += fmt::format(", {} was cancelled", hedged.cancelled);
    return out;
}

}  // namespace

bool is_to_be_hedged(const Call& call, const route::Decision& decision) {
    const auto& hedge = call.config->hedge;
    return hedge && call.facts.input_tokens <= hedge->most_tokens &&
           std::ranges::find(hedge->scenarios, decision.scenario) != hedge->scenarios.end();
}

// One side. Held by its coroutine as well, so that it outlives whatever that still waits for.
class Hedge::Contender {
  public:
    Contender(Call& call, const route::Attempt& target, ClientStream* stream)
        : exchange_(call.exchange),
          call_(copy_for(call, exchange_)),
          attempt_(std::in_place, call_, target, stream) {}

    /// The client is kept company by who waits for both.
    Task<Result<void>> ready() { return attempt_->ready(nullptr); }
    void ended(std::exception_ptr defect, Result<void> outcome) {
        defect_ = std::move(defect);
        outcome_ = std::move(outcome);
        if (called_off_) leave();
    }
    /// Cancels it, and gives back its place as soon as its coroutine has ended.
    void call_off() {
        if (has_ended()) return leave();
        called_off_ = true;
        exchange_.cancel();
    }
    void client_left() { exchange_.client_left(); }
    Task<Result<void>> deliver() { return attempt_->deliver(); }

    bool has_ended() const { return outcome_.has_value(); }
    bool was_sent() const { return was_sent_ || (attempt_ && attempt_->was_sent()); }
    bool was_called_off() const { return called_off_; }
    bool is_ready() const { return outcome_ && *outcome_; }
    /// nullptr while it goes on, or when it has an answer.
    const Error* failure() const { return outcome_ && !*outcome_ ? &outcome_->error() : nullptr; }
    /// A defect of ours ends the request, as it would without a hedge.
    void rethrow() const {
        if (defect_) std::rethrow_exception(defect_);
    }
    net::Clock::time_point last_byte() const {
        return attempt_ ? attempt_->last_byte() : net::Clock::time_point::min();
    }

  private:
    void leave() {
        was_sent_ = was_sent();
        attempt_.reset();
    }

    CancellableExchange exchange_;
    Call call_;
    std::optional<TargetTry> attempt_;
    std::optional<Result<void>> outcome_;
    std::exception_ptr defect_;
    bool called_off_ = false;
    bool was_sent_ = false;
};

Hedge::Hedge(Call& call, const route::Attempt& first, const route::Attempt& second,
             ClientStream* stream)
    : call_(call), targets_{first, second}, stream_(stream) {}

Hedge::~Hedge() = default;

// Whatever happens, nobody is left behind who works on this call.
Task<Result<void>> Hedge::run() {
    executor_ = co_await net::asio::this_coro::executor;
    auto& context = net::asio::query(executor_, net::asio::execution::context);
    news_ = std::make_shared<net::Wakeup>(static_cast<net::asio::io_context&>(context));
    call_.exchange.when_gone([this] { client_left(); });
    Result<void> outcome;
    std::exception_ptr defect;
    try {
        outcome = co_await race();
    } catch (...) {
        defect = std::current_exception();
    }
    call_off(kFirst);
    call_off(kSecond);
    while (is_running(kFirst) || is_running(kSecond)) co_await news_->wait(net::kNever);
    call_.exchange.when_gone({});
    if (defect) std::rethrow_exception(defect);
    co_return outcome;
}

void Hedge::client_left() {
    for (const auto& contender : contenders_) {
        if (contender) contender->client_left();
    }
}

void Hedge::launch(Side side) {
    auto contender = std::make_shared<Contender>(call_, targets_[side], stream_);
    contenders_[side] = contender;
    if (side == kSecond) second_asked_ = net::Clock::now();
    net::asio::co_spawn(executor_, contender->ready(),
                        [contender, news = news_](std::exception_ptr defect, Result<void> outcome) {
                            contender->ended(std::move(defect), std::move(outcome));
                            news->notify();
                        });
}

Task<Result<void>> Hedge::race() {
    launch(kFirst);
    while (!is_over()) {
        CO_TRY_DO(co_await wait());
    }
    const auto first = failure_of(kFirst);
    if (winner_) call_off(*winner_ == kFirst ? kSecond : kFirst);
    if (is_asked(kSecond)) tell();
    if (!winner_) co_return std::unexpected(*first);
    co_return co_await contenders_[*winner_]->deliver();
}

// Until one of the two has news, or the second is due, or the client wants to be kept company.
Task<Result<void>> Hedge::wait() {
    const net::Deadline second_due = began_ + call_.config->hedge->after;
    if (!is_asked(kSecond) && net::Clock::now() >= second_due) {
        launch(kSecond);
        co_return Result<void>();
    }
    net::Deadline wake = is_asked(kSecond) ? net::kNever : second_due;
    if (stream_) wake = std::min(wake, stream_->next_heartbeat());
    co_await news_->wait(wake);
    if (!stream_ || net::Clock::now() < stream_->next_heartbeat()) co_return Result<void>();
    co_return co_await stream_->heartbeat(last_byte());
}

// The first target's refusal for good is the answer, as it would be without a hedge; the second
// one's is not.
bool Hedge::is_over() {
    for (const Side side : {kFirst, kSecond}) {
        if (!is_asked(side)) continue;
        contenders_[side]->rethrow();
        if (!winner_ && contenders_[side]->is_ready()) winner_ = side;
    }
    if (winner_) return true;
    const Error* first = contenders_[kFirst]->failure();
    if (first == nullptr) return false;
    return first->retry == Retry::no || !is_running(kSecond);
}

bool Hedge::is_running(Side side) const {
    return is_asked(side) && !contenders_[side]->has_ended();
}

void Hedge::call_off(Side side) {
    if (is_asked(side)) contenders_[side]->call_off();
}

std::optional<Error> Hedge::failure_of(Side side) const {
    const Error* failure = is_asked(side) ? contenders_[side]->failure() : nullptr;
    if (failure == nullptr || contenders_[side]->was_called_off()) return std::nullopt;
    return *failure;
}

net::Clock::time_point Hedge::last_byte() const {
    auto latest = net::Clock::time_point::min();
    for (const auto& contender : contenders_) {
        if (contender) latest = std::max(latest, contender->last_byte());
    }
    return latest;
}

// What was cancelled may have to be paid for all the same.
void Hedge::tell() const {
    event::Hedged hedged;
    hedged.first = name_of(targets_[kFirst]);
    hedged.second = name_of(targets_[kSecond]);
    hedged.after = std::chrono::duration_cast<std::chrono::milliseconds>(second_asked_ - began_);
    if (winner_) hedged.won = name_of(targets_[*winner_]);
    const Side loser = winner_ == kSecond ? kFirst : kSecond;
    if (!failure_of(loser) && contenders_[loser]->was_sent())
        hedged.cancelled = name_of(targets_[loser]);
    if (!hedged.cancelled.empty()) hedged.tokens_in_vain = call_.facts.input_tokens;
    if (!winner_) call_.reasons.attempt(targets_[kFirst]);
    call_.reasons.note(sentence(hedged));
    call_.trace.hedged(std::move(hedged));
}

}  // namespace ccr::gateway
