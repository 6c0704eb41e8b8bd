#include "report/webhook.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "config/http_url.h"

namespace ccr::report {
namespace {

using net::Task;

constexpr std::chrono::milliseconds kLongestPause{60'000};
constexpr std::chrono::milliseconds kLastWords{500};

// The path of a webhook's URL is often its secret.
std::string host_of(const std::string& url) {
    const auto parsed = config::parse_url(url);
    return parsed ? fmt::format("{}://{}:{}", parsed->scheme, parsed->host, parsed->port) : "";
}

// Another attempt at the same request would be refused alike (RFC 9110, section 15.5).
bool is_for_good(int status) {
    constexpr int kTimeout = 408;
    constexpr int kTooEarly = 425;
    constexpr int kTooMany = 429;
    return status >= 300 && status < 500 && status != kTimeout && status != kTooEarly &&
           status != kTooMany;
}

}  // namespace

Webhook::Webhook(net::asio::io_context& context, net::HttpClient& client, Settings settings)
    : context_(context),
      client_(client),
      settings_(std::move(settings)),
      host_(host_of(settings_.target.url)) {}

void Webhook::take(const Record& record) {
    // Of an answer under way only the latest word is news.
    const auto older = std::ranges::find_if(waiting_, [&record](const Message& message) {
        return message.request == record.request && !message.is_final;
    });
    if (older != waiting_.end()) waiting_.erase(older);
    make_room();
    waiting_.push_back({record.request,
                        webhook_body(record, settings_.form.timestamp, settings_.form.metadata),
                        record.is_final});
    if (std::exchange(running_, true)) return;
    net::asio::co_spawn(context_, run(shared_from_this()), net::asio::detached);
}

void Webhook::make_room() {
    if (waiting_.size() < kMostWaiting) return;
    waiting_.pop_front();
    ++dropped_;
    if (std::exchange(is_behind_, true)) return;
    log::warn("a webhook does not keep up; its oldest records are dropped",
              {{"handler", std::string_view(settings_.name)}, {"host", std::string_view(host_)}});
}

Task<void> Webhook::run(std::shared_ptr<Webhook> self) {
    while (!self->waiting_.empty()) {
        const Message message = std::move(self->waiting_.front());
        self->waiting_.pop_front();
        co_await self->deliver(message);
    }
    if (std::exchange(self->is_behind_, false))
        log::info("a webhook keeps up again",
                  {{"handler", std::string_view(self->settings_.name)},
                   {"dropped", static_cast<std::int64_t>(std::exchange(self->dropped_, 0))}});
    self->running_ = false;
}

// What an answer under way has come to is soon told anew, so only its end is worth insisting on.
Task<void> Webhook::deliver(const Message& message) {
    const int most = message.is_final ? settings_.target.attempts : 1;
    for (int attempt = 1;; ++attempt) {
        const auto sent = co_await send(message);
        if (sent) {
            tell_recovery();
            co_return;
        }
        if (attempt >= most || sent.error().retry == Retry::no) {
            tell(message, sent.error(), attempt);
            co_return;
        }
        co_await pause(attempt);
    }
}

net::ClientRequest Webhook::request_for(const std::string& body) const {
    net::ClientRequest request;
    request.method = settings_.target.method;
    request.url = settings_.target.url;
    request.headers.add("content-type", "application/json");
    request.headers.add("user-agent", "ccr/" CCR_VERSION);
    for (const auto& [name, value] : settings_.target.headers) request.headers.set(name, value);
    request.body = body;
    request.proxy = settings_.proxy;
    request.connect_time = std::min(request.connect_time, settings_.form.time_out);
    return request;
}

Task<Result<void>> Webhook::send(const Message& message) {
    const net::Deadline deadline = net::Clock::now() + settings_.form.time_out;
    const net::ClientRequest request = request_for(message.body);
    const auto response = client_.start(request);
    CO_TRY(const int status, co_await response->status(deadline));
    if (status < 200 || status >= 300) {
        Error error = make_error(ErrorKind::upstream_protocol,
                                 fmt::format("it answered with status {}", status));
        error.retry = is_for_good(status) ? Retry::no : Retry::same_target;
        co_return std::unexpected(std::move(error));
    }
    // Read to its end, the connection serves the next record. The record has arrived in any case.
    const net::Deadline soon = std::min(deadline, net::Clock::now() + kLastWords);
    for (;;) {
        const auto bytes = co_await response->next(soon);
        if (!bytes || bytes->empty()) co_return Result<void>();
    }
}

Task<void> Webhook::pause(int attempt) {
    constexpr int kMostDoublings = 20;
    const auto longer = settings_.target.pause * (1 << std::min(attempt - 1, kMostDoublings));
    net::asio::steady_timer timer(context_,
                                  std::min<std::chrono::milliseconds>(
                                      longer, std::max(kLongestPause, settings_.target.pause)));
    co_await timer.async_wait(net::asio::use_awaitable);
}

void Webhook::tell(const Message& message, const Error& error, int attempts) {
    if (settings_.target.silent || !message.is_final) return;
    ++missed_;
    if (std::exchange(is_failing_, true)) return;
    log::warn("a webhook did not take a record; its next failures are counted, not told",
              {{"handler", std::string_view(settings_.name)},
               {"host", std::string_view(host_)},
               {"reqId", std::string_view(message.request)},
               {"attempts", static_cast<std::int64_t>(attempts)},
               {"err", std::string_view(error.message)}});
}

void Webhook::tell_recovery() {
    if (!std::exchange(is_failing_, false)) return;
    log::info("a webhook takes records again",
              {{"handler", std::string_view(settings_.name)},
               {"host", std::string_view(host_)},
               {"missed", static_cast<std::int64_t>(std::exchange(missed_, 0))}});
}

}  // namespace ccr::report
