#include "demo/play.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "demo/message_source.h"

namespace ccr::demo {
namespace {

namespace asio = net::asio;
using std::chrono::milliseconds;

constexpr std::string_view kGarbage =
    "data: {\"this is\": \xFF\xFE no JSON\n\n\x01\x02 <html>garbage</html>\n\n";
constexpr milliseconds kSlowAnswer{2000};
constexpr std::int64_t kMostCompleteKb = 64 * 1024;  // a complete answer stands in memory

// False when the client left meanwhile.
net::Task<bool> pause(net::Exchange& exchange, milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(time);
    exchange.when_gone([&timer] { timer.cancel(); });
    boost::system::error_code ended;
    if (!exchange.gone())
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    exchange.when_gone(nullptr);
    co_return !exchange.gone();
}

// Writes a piece of a chunked answer, which the first one opens. False when the client left.
net::Task<bool> put(net::Exchange& exchange, std::string_view type, std::string_view bytes) {
    if (exchange.opened()) {
        const auto written = co_await exchange.write(bytes);
        co_return written.has_value();
    }
    net::Headers headers;
    headers.add("content-type", std::string(type));
    headers.add("cache-control", "no-cache");
    const auto opened = co_await exchange.open(200, std::move(headers), bytes);
    co_return opened.has_value();
}

Error demo_failure() {
    return make_error(ErrorKind::upstream_failure,
                      "The demo provider failed because you asked it to (see docs/demo.md).");
}

// The whole body; faults of streams become their nearest kin.
std::string complete_body(Performance& p, const wire::AnswerContext& context) {
    if (p.plan.fault.kind == FaultKind::garbage) return std::string(kGarbage);
    if (p.plan.fault.kind == FaultKind::error || p.plan.fault.kind == FaultKind::midstream_error) {
        return p.codec->encode_error(demo_failure(), p.request_id);
    }
    chat::Reply& reply = p.plan.reply;
    std::string text;
    if (p.plan.filler_kb > 0 && !reply.parts.empty()) {
        auto* prose = std::get_if<chat::Prose>(&reply.parts.back().body);
        text = prose ? prose->text.escaped() : "";
        json::escape_to(text, filler(std::min(p.plan.filler_kb, kMostCompleteKb)));
        if (prose) prose->text = json::Text::from_escaped(text);
    }
    return p.codec->encode_reply(reply, context);
}

wire::AnswerContext context_of(const Performance& p) {
    wire::AnswerContext context;
    context.request_id = p.request_id;
    context.estimated_input_tokens = p.plan.reply.usage.input.value_or(0);
    context.include_usage = p.include_usage;
    return context;
}

milliseconds delay_of(const Fault& fault) {
    if (fault.kind == FaultKind::slow) return kSlowAnswer;
    return fault.kind == FaultKind::silence ? milliseconds(fault.amount * 1000) : milliseconds(0);
}

}  // namespace

net::Answer json_answer(int status, std::string body) {
    net::Answer answer;
    answer.status = status;
    answer.headers.add("content-type", "application/json");
    answer.body = std::move(body);
    return answer;
}

net::Task<void> play_stream(net::Exchange& exchange, Performance p) {
    static constexpr std::string_view kType = "text/event-stream; charset=utf-8";
    const Fault fault = p.plan.fault;
    const wire::AnswerContext context = context_of(p);
    MessageSource source(std::move(p.plan), *p.codec, context);
    std::string message;
    for (std::int64_t index = 0;; ++index) {
        const Action action = before_message(fault, index);
        if (action.act == Act::drop) {
            exchange.abort();
            co_return;
        }
        if (action.act == Act::end) break;
        if (action.act == Act::wait) {
            const bool stayed = co_await pause(exchange, action.pause);
            if (!stayed) co_return;
        }
        const bool last = action.act == Act::fail || action.act == Act::garbage;
        if (action.act == Act::fail)
            message = source.failure(demo_failure());
        else if (action.act == Act::garbage)
            message = kGarbage;
        else if (!source.next(message))
            break;
        const bool written = co_await put(exchange, kType, message);
        if (!written) co_return;
        if (last) break;
    }
    if (!exchange.opened()) {
        const bool opened = co_await put(exchange, kType, "");
        if (!opened) co_return;
    }
    co_await exchange.finish("");
}

net::Task<void> play_complete(net::Exchange& exchange, Performance p) {
    const Fault fault = p.plan.fault;
    const wire::AnswerContext context = context_of(p);
    if (const milliseconds delay = delay_of(fault); delay.count() > 0) {
        const bool stayed = co_await pause(exchange, delay);
        if (!stayed) co_return;
    }
    std::string body = complete_body(p, context);
    if (fault.kind == FaultKind::truncate) body.resize(body.size() / 2);
    if (fault.kind == FaultKind::drop) {
        body.resize(fault.amount == 0 ? 0 : body.size() / 2);
        if (!body.empty()) co_await put(exchange, "application/json", body);
        exchange.abort();
        co_return;
    }
    net::Answer answer = json_answer(200, std::move(body));
    answer.headers.add("request-id", p.request_id);
    co_await exchange.send(std::move(answer));
}

}  // namespace ccr::demo
