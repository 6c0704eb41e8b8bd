#include "gateway/scripted_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "base/log.h"
#include "json/document.h"
#include "plugin/transform.h"

namespace ccr::gateway {
namespace {

using net::Task;
using std::chrono::milliseconds;

constexpr std::string_view kNoBytes;
constexpr milliseconds kTellTime{5000};  // for hosts to say which addresses they serve

Task<Result<plugin::KeptFrame>> result_of(net::Exchange& client, plugin::HostCall& call,
                                          milliseconds time) {
    client.when_gone([&call] { call.abort(); });
    auto came = co_await call.result(time, net::kNever);
    client.when_gone({});
    if (!came) co_return std::unexpected(std::move(came).error());
    co_return **std::move(came);
}

Task<Result<std::vector<plugin::Endpoint>>> endpoints_of(net::Exchange& client,
                                                         plugin::Link& scripts,
                                                         const config::Config& config,
                                                         const plugin::GrantSet& grants) {
    CO_TRY(const auto asked, plugin::ask_endpoints(scripts, config, grants));
    CO_TRY(const plugin::KeptFrame told,
           co_await result_of(client, *asked, std::min(config.scripts.transform_time, kTellTime)));
    asked->finish();
    co_return plugin::endpoints_in(told);
}

// The server's body has room behind it, which parsers read into.
std::string padded(std::string body) {
    body.reserve(body.size() + net::kBodyPadding);
    return body;
}

}  // namespace

Task<Result<std::optional<EndpointScript>>> script_at(net::Exchange& client, plugin::Link& scripts,
                                                      const config::Config& config,
                                                      std::string_view path) {
    std::optional<EndpointScript> found;
    for (plugin::GrantSet& grants : plugin::grant_sets(config)) {
        if (grants.transformers.empty()) continue;
        auto endpoints = co_await endpoints_of(client, scripts, config, grants);
        if (!endpoints && endpoints.error().kind == ErrorKind::client_gone)
            co_return std::unexpected(std::move(endpoints).error());
        if (!endpoints) {
            log::warn("scripts could not tell which addresses they serve",
                      {{"reason", std::string_view(endpoints.error().message)}});
            continue;
        }
        for (plugin::Endpoint& endpoint : *endpoints) {
            if (plugin::serves(endpoint, path)) found = EndpointScript{grants, endpoint};
        }
    }
    co_return found;
}

struct ScriptedExchange::Passage {
    Passage(net::asio::io_context& context, net::Exchange& exchange)
        : client(exchange), news(context) {}

    net::Exchange& client;
    std::shared_ptr<AnswerPipe> pipe;
    std::unique_ptr<plugin::ScriptedResponse> response;
    std::string plugin;
    milliseconds time{0};  // for each step of it
    bool streams = false;
    std::size_t most = 0;                               // bytes of an answer that is sent whole
    std::optional<net::Clock::time_point> waits_since;  // for the script
    bool over = false;
    Result<void> outcome;
    std::optional<Error> late;
    net::Wakeup news;

    Task<Result<std::string_view>> next();
    Task<Result<void>> pass();
    Task<Result<void>> pass_whole(net::Answer answer);
    /// When to look again for what the script could have given since `since`; one that has owed it
    /// for `time` is given up.
    net::Deadline look_again(net::Clock::time_point since);
    void give_up();
};

Task<Result<std::string_view>> ScriptedExchange::Passage::next() {
    waits_since = net::Clock::now();
    auto bytes = co_await response->next(net::kNever);
    waits_since.reset();
    co_return bytes;
}

Task<Result<void>> ScriptedExchange::Passage::pass() {
    waits_since = net::Clock::now();
    CO_TRY(const int status, co_await response->status(net::kNever));
    waits_since.reset();
    net::Answer answer{status, response->headers(), {}};
    if (!streams) co_return co_await pass_whole(std::move(answer));
    CO_TRY_DO(co_await client.open(status, std::move(answer.headers), kNoBytes));
    for (;;) {
        CO_TRY(const std::string_view bytes, co_await next());
        if (bytes.empty()) co_return co_await client.finish(kNoBytes);
        CO_TRY_DO(co_await client.write(bytes));
    }
}

Task<Result<void>> ScriptedExchange::Passage::pass_whole(net::Answer answer) {
    for (;;) {
        CO_TRY(const std::string_view bytes, co_await next());
        if (bytes.empty()) co_return co_await client.send(std::move(answer));
        answer.body += bytes;
        if (answer.body.size() > most)
            co_return fail(ErrorKind::config,
                           fmt::format("a script made more than {} bytes of an answer", most));
    }
}

net::Deadline ScriptedExchange::Passage::look_again(net::Clock::time_point since) {
    if (late) return net::kNever;
    const auto now = net::Clock::now();
    const net::Deadline owed = (waits_since ? std::max(since, *waits_since) : now) + time;
    if (now < owed) return owed;
    give_up();
    return net::kNever;
}

void ScriptedExchange::Passage::give_up() {
    late = make_error(ErrorKind::config,
                      fmt::format("plugin {}, transformResponseIn: it gave nothing within {} ms",
                                  plugin, time.count()));
    response->abort();
}

Task<void> ScriptedExchange::carry(std::shared_ptr<Passage> passage) {
    passage->outcome = co_await passage->pass();
    if (passage->late) passage->outcome = std::unexpected(*passage->late);
    passage->over = true;
    passage->response.reset();  // whoever writes has no reader any more
    passage->news.notify();
}

void ScriptedExchange::begin(int status, net::Headers headers, bool streams) {
    net::asio::io_context& context = scripts_.context();
    passage_ = std::make_shared<Passage>(context, client_);
    passage_->pipe = std::make_shared<AnswerPipe>(context, status, std::move(headers));
    passage_->response = std::make_unique<plugin::ScriptedResponse>(
        context, std::make_unique<PipedResponse>(passage_->pipe), std::move(call_));
    passage_->plugin = script_.endpoint.name;
    passage_->time = config_.scripts.transform_time;
    passage_->streams = streams;
    passage_->most = config_.body_limit;
    net::asio::co_spawn(context, carry(passage_), net::asio::detached);
}

Task<Result<std::string>> ScriptedExchange::read_body(std::size_t limit) {
    CO_TRY(std::string body, co_await client_.read_body(limit));
    json::Document document;
    CO_TRY_DO(document.parse(body));
    const net::RequestHead& head = client_.head();
    const plugin::RequestView request{id_, head.path, head.query, head.headers, {}};
    CO_TRY(call_, plugin::ask_endpoint(scripts_, config_, script_.grants, script_.endpoint.name,
                                       request, body));
    CO_TRY(plugin::KeptFrame told,
           co_await result_of(client_, *call_, config_.scripts.transform_time));
    CO_TRY(plugin::Transformed made, plugin::transformed_by(std::move(told)));
    if (!made.answers) {
        call_->finish();
        call_.reset();
    }
    if (made.body) body = *std::move(made.body);
    co_return padded(std::move(body));
}

Task<Result<void>> ScriptedExchange::settled() {
    const auto began = net::Clock::now();
    while (!passage_->over) co_await passage_->news.wait(passage_->look_again(began));
    co_return passage_->outcome;
}

Task<Result<void>> ScriptedExchange::send(net::Answer answer) {
    const bool is_error = answer.status < 200 || answer.status >= 300;
    if (!call_ || is_error) co_return co_await client_.send(std::move(answer));
    begin(answer.status, std::move(answer.headers), false);
    passage_->pipe->finish(answer.body);
    co_return co_await settled();
}

Task<Result<void>> ScriptedExchange::open(int status, net::Headers headers,
                                          std::string_view first) {
    if (!call_) co_return co_await client_.open(status, std::move(headers), first);
    begin(status, std::move(headers), true);
    co_return co_await write(first);
}

Task<Result<void>> ScriptedExchange::write(std::string_view bytes) {
    if (!passage_) co_return co_await client_.write(bytes);
    passage_->pipe->write(bytes);
    const auto began = net::Clock::now();
    while (!passage_->pipe->is_drained() && !passage_->late)
        co_await passage_->pipe->drained(passage_->look_again(began));
    co_return taken();
}

Result<void> ScriptedExchange::taken() const {
    if (!passage_->over) return {};
    return fail(ErrorKind::client_gone, "The script takes no more of the answer.");
}

Task<Result<void>> ScriptedExchange::finish(std::string_view last) {
    if (!passage_) co_return co_await client_.finish(last);
    passage_->pipe->finish(last);
    const auto outcome = co_await settled();
    co_return outcome ? outcome : taken();
}

Task<Result<void>> ScriptedExchange::send_chunked(int status, net::Headers headers,
                                                  std::string_view all) {
    if (!call_) co_return co_await client_.send_chunked(status, std::move(headers), all);
    begin(status, std::move(headers), true);
    co_return co_await finish(all);
}

void ScriptedExchange::abort() {
    if (passage_ && passage_->response) passage_->response->abort();
    client_.abort();
}

Task<Result<void>> ScriptedExchange::close() {
    if (!passage_) co_return Result<void>();
    if (passage_->response) passage_->response->abort();
    while (!passage_->over) co_await passage_->news.wait(net::kNever);
    co_return passage_->outcome;
}

}  // namespace ccr::gateway
