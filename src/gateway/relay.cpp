#include "gateway/relay.h"

#include <fmt/format.h>

#include <utility>

#include "chat/fold.h"
#include "gateway/answer.h"

namespace ccr::gateway {
namespace {

constexpr std::size_t kWholeAnswerLimit = 64u << 20;

using net::Task;

// Models that say nothing, by accident, say something when they are asked again. Claude may mean
// it: its own protocol passes as it is.
Result<void> check_not_empty(const Call& call, const UpstreamCall& upstream, bool empty) {
    if (!empty || !call.wants_content) return {};
    if (upstream.codec().protocol == Protocol::anthropic) return {};
    return fail(ErrorKind::empty_reply,
                fmt::format("Provider {} (model {}) answered with nothing at all.",
                            upstream.target().provider, upstream.target().model));
}

bool is_empty(const chat::Reply& reply) {
    return reply.parts.empty() && reply.stop == chat::StopReason::end_turn;
}

// Providers repeat their ids, and clients take answers with one id for pieces of one.
std::string told(const Call& call, chat::Reply& reply) {
    reply.id = {};
    return call.client.encode_reply(reply, answer_context(call));
}

}  // namespace

Task<Result<void>> Relay::ready(ClientStream* company) {
    if (client_ && upstream_.is_stream()) co_return co_await peek(company);
    Task<Result<void>> reading = upstream_.is_stream() ? gather() : read(company);
    CO_TRY_DO(co_await std::move(reading));
    co_return check_not_empty(call_, upstream_, is_empty(reply_));
}

Task<Result<void>> Relay::deliver() {
    upstream_.began_well();
    call_.trace.answered(200);
    if (lane_) co_return co_await deliver_lane();
    co_return co_await deliver_reply();
}

// Reads until there is something worth committing to.
Task<Result<void>> Relay::peek(ClientStream* company) {
    // Another upstream goes on with blocks of ours, not with those of the first one.
    const bool verbatim = upstream_.verbatim() && !client_->continuation();
    StreamLane& lane =
        lane_.emplace(upstream_.open_decoder(), *client_, verbatim, upstream_.open_parser());
    lane.show_to(upstream_.watch());
    lane.adapt_with(upstream_.plan());
    if (call_.meter) lane.keep_told();
    while (!lane.has_content() && !lane.over()) {
        auto bytes = co_await upstream_.next(company, false, lane.complete());
        if (!bytes && !lane.complete()) co_return std::unexpected(std::move(bytes).error());
        if (!bytes || bytes->empty())
            lane.end();
        else
            lane.feed(*bytes);
    }
    if (lane.failure() && !lane.has_content()) co_return std::unexpected(*lane.failure());
    co_return check_not_empty(call_, upstream_, lane.ended_empty());
}

Task<Result<void>> Relay::read(ClientStream* company) {
    CO_TRY(body_, co_await upstream_.read_all(kWholeAnswerLimit, company));
    CO_TRY(reply_, upstream_.decode_reply(body_));
    upstream_.plan().answer(reply_);
    co_return Result<void>();
}

// A stream gathered into one reply.
Task<Result<void>> Relay::gather() {
    chat::Fold fold;
    const auto parser = upstream_.open_parser();
    const auto decoder = upstream_.open_decoder();
    chat::Events events;
    const auto drain = [&] {
        upstream_.plan().answer(events);
        for (const chat::StreamEvent& event : events) fold.feed(event);
        events.clear();
    };
    const auto on_message = [&](const net::SseMessage& message) {
        decoder->feed(message, events);
        drain();
    };
    bool has_content = false;
    std::size_t size = 0;
    while (!fold.finished() && !fold.failure()) {
        auto bytes = co_await upstream_.next(nullptr, has_content, decoder->complete());
        if (!bytes && !decoder->complete()) co_return std::unexpected(std::move(bytes).error());
        has_content = true;
        if (bytes && !bytes->empty()) {
            size += bytes->size();
            if (!parser->feed(*bytes, on_message))
                co_return fail(ErrorKind::upstream_protocol,
                               fmt::format("The upstream {}.", parser->problem()));
            if (size > kWholeAnswerLimit)
                co_return fail(ErrorKind::upstream_protocol,
                               "The upstream sent more than 64 MB for one answer.");
            continue;
        }
        parser->finish(on_message);
        decoder->finish(events);
        drain();
    }
    if (fold.failure()) co_return std::unexpected(*fold.failure());
    co_await upstream_.drain();
    reply_ = fold.take();
    co_return Result<void>();
}

bool Relay::can_be_continued() const {
    const Continuation* continuation = client_->continuation();
    return continuation && continuation->is_possible() && upstream_.may_be_continued();
}

void Relay::begin_measuring() {
    if (call_.meter) call_.meter->counts_as(upstream_.provider(), upstream_.target().model);
}

Task<Result<void>> Relay::deliver_lane() {
    call_.trace.first_content();
    begin_measuring();
    auto sent = co_await forward();
    call_.trace.usage(lane_->usage());
    if (!sent) co_return co_await broken_off(std::move(sent).error());
    if (lane_->failure()) {
        call_.trace.failed(*lane_->failure());
        upstream_.broke_off(*lane_->failure());
    }
    co_return Result<void>();
}

// From the first content on: every network read's events leave in one write, the last with the end.
Task<Result<void>> Relay::forward() {
    StreamLane& lane = *lane_;
    SlowGuard guard(upstream_.patience().slowest(), net::Clock::now());
    bool holds_request = !client_->continuation();
    for (;;) {
        std::string out = lane.take();
        if (call_.meter) call_.meter->take(lane.take_told());
        const bool over = lane.over();
        const bool cut = lane.failure() && can_be_continued();
        if (over && !cut) {
            auto finished = co_await client_->finish(out);
            co_await upstream_.drain();
            co_return finished;
        }
        if (!out.empty()) {
            CO_TRY_DO(co_await client_->write(out));
        }
        if (cut) co_return std::unexpected(*lane.failure());
        // An agent's request is a thousand times larger than what its stream needs from now on;
        // freeing it takes time that the first content need not wait for.
        if (std::exchange(holds_request, false)) upstream_.let_go_of_request();
        std::string().swap(out);  // a thousand streams wait here
        auto bytes = co_await upstream_.next(client_, true, lane.complete());
        if (!bytes && !lane.complete()) co_return std::unexpected(std::move(bytes).error());
        if (!bytes || bytes->empty())
            lane.end();
        else
            lane.feed(*bytes);
        if (guard.is_too_slow(lane.take_characters(), net::Clock::now()) && !lane.over())
            co_return std::unexpected(upstream_.too_slow());
    }
}

// What was delivered stands. Error: another upstream may go on with it.
Task<Result<void>> Relay::broken_off(Error error) {
    if (error.kind != ErrorKind::client_gone && can_be_continued()) {
        client_->continuation()->interrupt();
        co_return std::unexpected(std::move(error));
    }
    upstream_.broke_off(error);
    co_return co_await tell(std::move(error));
}

// After content was delivered an error can only be told, not undone.
Task<Result<void>> Relay::tell(Error error) {
    if (call_.stop) error = call_.stop->told(std::move(error));
    call_.trace.failed(error);
    if (error.kind == ErrorKind::client_gone) co_return Result<void>();
    auto told = co_await client_->fail(std::move(error));
    (void)told;  // a client that left meanwhile needs no telling
    co_return Result<void>();
}

Task<Result<void>> Relay::deliver_reply() {
    if (upstream_.watch()) upstream_.watch()->feed(reply_);
    call_.trace.whole_content();
    begin_measuring();
    // A provider that says how many tokens they were knows best.
    if (call_.meter && reply_.usage.output.value_or(0) == 0) call_.meter->take(reply_);
    call_.trace.usage(reply_.usage);
    Task<Result<void>> sending = client_ ? stream_reply() : send_reply();
    auto sent = co_await std::move(sending);
    if (!sent) call_.trace.failed(sent.error());
    co_return Result<void>();
}

// An upstream that was asked for a stream and answered whole is streamed from its reply.
Task<Result<void>> Relay::stream_reply() {
    std::string out;
    for (const chat::StreamEvent& event : chat::unfold(reply_)) client_->deliver(event, out);
    co_return co_await client_->finish(out);
}

Task<Result<void>> Relay::send_reply() {
    // The client's own protocol passes word for word; decoding has shown that it is a whole answer.
    const bool as_it_came = upstream_.verbatim() && !body_.empty();
    std::string body = as_it_came ? std::move(body_) : told(call_, reply_);
    if (call_.address.as_array) body = "[" + body + "]";
    net::Answer answer = json_answer(200, std::move(body));
    answer.headers.add(std::string(request_id_header(call_.client.protocol)), call_.trace.id());
    call_.reasons.add_to(answer.headers);
    co_return co_await call_.exchange.send(std::move(answer));
}

}  // namespace ccr::gateway
