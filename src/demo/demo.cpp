#include "demo/demo.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <unordered_set>

#include "demo/play.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::demo {
namespace {

constexpr std::size_t kBodyLimit = 64u << 20;
constexpr std::size_t kMostTries = 10'000;

// Conversations that were refused once and get their answer at the next try. Shared by all threads.
class Tries {
  public:
    bool is_first(std::uint64_t conversation) {
        const std::lock_guard lock(mutex_);
        if (waiting_.erase(conversation) > 0) return false;
        if (waiting_.size() >= kMostTries) waiting_.clear();
        waiting_.insert(conversation);
        return true;
    }

  private:
    std::mutex mutex_;
    std::unordered_set<std::uint64_t> waiting_;
};

struct Provider {
    std::string advice;
    Tries tries;
};

bool speaks_chat(std::string_view path) {
    return path.find("/chat") != std::string_view::npos;
}

const wire::Codec& codec_for(std::string_view path) {
    return *wire::codec_of(speaks_chat(path) ? Protocol::openai_chat : Protocol::anthropic);
}

net::Answer refusal(const Error& error, std::string_view path) {
    net::Answer answer = json_answer(error.status, codec_for(path).encode_error(error, "req_demo"));
    if (error.retry_after)
        answer.headers.add("retry-after", std::to_string(error.retry_after->count()));
    return answer;
}

// One body that readers of both protocols accept.
net::Answer models() {
    std::string body;
    json::Writer w(body);
    w.open_object().member("object", "list").key("data").open_array().open_object();
    w.member("id", "demo").member("object", "model").member("type", "model");
    w.member("display_name", "ccr demo")
        .member("owned_by", "ccr")
        .member("created", std::int64_t{0});
    w.member("created_at", "1970-01-01T00:00:00Z").close_object().close_array();
    w.key("has_more")
        .boolean(false)
        .member("first_id", "demo")
        .member("last_id", "demo")
        .close_object();
    return json_answer(200, std::move(body));
}

// What is asked of the demo by the request line, or why it cannot be done.
enum class Route : std::uint8_t { answer, count, models };
Result<Route> route_of(const net::RequestHead& head) {
    const std::string_view path = head.path;
    const bool get = head.method == "GET" || head.method == "HEAD";
    Route route;
    if (path.ends_with("/models"))
        route = Route::models;
    else if (path.ends_with("/messages/count_tokens"))
        route = Route::count;
    else if (path.ends_with("/messages") || path.ends_with("/chat/completions"))
        route = Route::answer;
    else
        return fail(ErrorKind::not_found,
                    fmt::format("The demo provider has no {}; it serves .../messages, "
                                ".../chat/completions and .../models.",
                                path));
    if (get != (route == Route::models) || (!get && head.method != "POST")) {
        return fail(ErrorKind::method_not_allowed,
                    fmt::format("{} cannot be used on {}.", head.method, path));
    }
    return route;
}

struct Request {
    std::string body;
    json::Document document;
    json::View root;
};

// The refusal that the fault stands for, if it comes before any answer.
std::optional<Error> refused(const Fault& fault, std::uint64_t conversation, Tries& tries) {
    if (fault.kind == FaultKind::rate_limit && tries.is_first(conversation)) {
        Error error = make_error(
            ErrorKind::rate_limit,
            "The demo provider limits the first try because you asked it to; try again.");
        error.retry_after = std::chrono::seconds(1);
        return error;
    }
    if (fault.kind != FaultKind::status) return std::nullopt;
    const int status = static_cast<int>(fault.amount);
    Error error =
        make_error(kind_of_status(status),
                   fmt::format("The demo provider answers {} because you asked it to.", status));
    error.status = status;
    return error;
}

net::Answer count(std::size_t body_bytes) {
    return json_answer(200, fmt::format("{{\"input_tokens\":{}}}", estimated_tokens(body_bytes)));
}

// A request that was read and understood, and what is to be played; or the answer that ends it at
// once.
Result<Performance> prepare(Request& request, const chat::Conversation& conversation,
                            const wire::Codec& codec, Provider& provider) {
    Performance performance;
    performance.codec = &codec;
    performance.plan = plan(conversation, request.body.size(), provider.advice);
    const std::uint64_t print = fingerprint(conversation);
    if (auto error = refused(performance.plan.fault, print, provider.tries))
        return std::unexpected(std::move(*error));
    performance.request_id = fmt::format("req_demo_{:016x}", print);
    performance.include_usage =
        request.root["stream_options"]["include_usage"].boolean().value_or(false);
    return performance;
}

net::Task<Result<void>> answer(std::shared_ptr<Provider> provider, net::Exchange& exchange) {
    CO_TRY(const Route route, route_of(exchange.head()));
    if (route == Route::models) {
        net::Answer list = models();
        co_return co_await exchange.send(std::move(list));
    }
    Request request;
    CO_TRY(request.body, co_await exchange.read_body(kBodyLimit));
    CO_TRY(request.root, request.document.parse(request.body));
    const wire::Codec& codec = codec_for(exchange.head().path);
    CO_TRY(chat::Conversation conversation, codec.decode_request(request.root, {}));
    if (route == Route::count) {
        net::Answer counted = count(request.body.size());
        co_return co_await exchange.send(std::move(counted));
    }
    CO_TRY(Performance performance, prepare(request, conversation, codec, *provider));
    if (conversation.stream)
        co_await play_stream(exchange, std::move(performance));
    else
        co_await play_complete(exchange, std::move(performance));
    co_return Result<void>();
}

net::Task<void> serve(std::shared_ptr<Provider> provider, net::Exchange& exchange) {
    const auto done = co_await answer(std::move(provider), exchange);
    if (done || exchange.opened() || exchange.gone()) co_return;
    net::Answer refused_answer = refusal(done.error(), exchange.head().path);
    co_await exchange.send(std::move(refused_answer));
}

}  // namespace

net::Handler handler(std::string advice) {
    auto provider = std::make_shared<Provider>();
    provider->advice = std::move(advice);
    return [provider](net::Exchange& exchange) { return serve(provider, exchange); };
}

net::RefusalWriter refusal_writer() {
    return [](const Error& error, std::string_view target) { return refusal(error, target); };
}

}  // namespace ccr::demo
