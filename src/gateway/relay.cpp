#include "gateway/relay.h"

#include <fmt/format.h>

#include "chat/fold.h"
#include "gateway/answer.h"
#include "gateway/stream_lane.h"
#include "tokens/estimate.h"

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

// Reads until there is something worth committing to. Error: the attempt failed without a trace.
Task<Result<void>> peek(Call& call, UpstreamCall& upstream, ClientStream& client,
                        StreamLane& lane) {
    while (!lane.has_content() && !lane.over()) {
        auto bytes = co_await upstream.next(&client, false, lane.complete());
        if (!bytes && !lane.complete()) co_return std::unexpected(std::move(bytes).error());
        if (!bytes || bytes->empty())
            lane.end();
        else
            lane.feed(*bytes);
    }
    if (lane.failure() && !lane.has_content()) co_return std::unexpected(*lane.failure());
    co_return check_not_empty(call, upstream, lane.ended_empty());
}

bool can_be_continued(const UpstreamCall& upstream, ClientStream& client) {
    const Continuation* continuation = client.continuation();
    return continuation && continuation->is_possible() && upstream.may_be_continued();
}

// From the first content on: every network read's events leave in one write, the last with the end.
Task<Result<void>> forward(UpstreamCall& upstream, ClientStream& client, StreamLane& lane) {
    SlowGuard guard(upstream.patience().slowest(), net::Clock::now());
    std::string out;
    for (;;) {
        out.clear();
        lane.take(out);
        const bool over = lane.over();
        const bool cut = lane.failure() && can_be_continued(upstream, client);
        if (over && !cut) break;
        if (!out.empty()) {
            CO_TRY_DO(co_await client.write(out));
        }
        if (cut) co_return std::unexpected(*lane.failure());
        auto bytes = co_await upstream.next(&client, true, lane.complete());
        if (!bytes && !lane.complete()) co_return std::unexpected(std::move(bytes).error());
        if (!bytes || bytes->empty())
            lane.end();
        else
            lane.feed(*bytes);
        if (guard.is_too_slow(lane.take_characters(), net::Clock::now()) && !lane.over())
            co_return std::unexpected(upstream.too_slow());
    }
    auto finished = co_await client.finish(out);
    co_await upstream.drain();
    co_return finished;
}

// After content was delivered an error can only be told, not undone.
Task<Result<void>> tell(Call& call, ClientStream& client, Error error) {
    call.trace.failed(error);
    if (error.kind == ErrorKind::client_gone) co_return Result<void>();
    auto told = co_await client.fail(std::move(error));
    (void)told;  // a client that left meanwhile needs no telling
    co_return Result<void>();
}

// What was delivered stands. Error: another upstream may go on with it.
Task<Result<void>> broken_off(Call& call, UpstreamCall& upstream, ClientStream& client,
                              Error error) {
    if (error.kind != ErrorKind::client_gone && can_be_continued(upstream, client)) {
        client.continuation()->interrupt();
        co_return std::unexpected(std::move(error));
    }
    upstream.broke_off(error);
    co_return co_await tell(call, client, std::move(error));
}

// An upstream that was asked for a stream and answered whole is streamed from its reply.
Task<Result<void>> stream_whole_answer(Call& call, UpstreamCall& upstream, ClientStream& client) {
    CO_TRY(const std::string body, co_await upstream.read_all(kWholeAnswerLimit, &client));
    CO_TRY(chat::Reply reply, upstream.decode_reply(body));
    upstream.plan().answer(reply);
    CO_TRY_DO(check_not_empty(call, upstream, is_empty(reply)));
    upstream.began_well();
    if (upstream.watch()) upstream.watch()->feed(reply);
    call.trace.whole_content();
    call.trace.usage(reply.usage);
    call.trace.answered(200);
    std::string out;
    for (const chat::StreamEvent& event : chat::unfold(reply)) client.deliver(event, out);
    auto sent = co_await client.finish(out);
    if (!sent) call.trace.failed(sent.error());
    co_return Result<void>();
}

// The other way round: a stream gathered into one reply.
Task<Result<chat::Reply>> gather_stream(UpstreamCall& upstream) {
    chat::Fold fold;
    const auto parser = upstream.open_parser();
    const auto decoder = upstream.open_decoder();
    chat::Events events;
    const auto drain = [&] {
        upstream.plan().answer(events);
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
        auto bytes = co_await upstream.next(nullptr, has_content, decoder->complete());
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
    co_await upstream.drain();
    co_return fold.take();
}

// Providers repeat their ids, and clients take answers with one id for pieces of one.
std::string told(const Call& call, chat::Reply& reply) {
    reply.id = {};
    return call.client.encode_reply(reply, answer_context(call));
}

Task<Result<void>> send_whole(Call& call, std::string body) {
    call.trace.answered(200);
    if (call.address.as_array) body = "[" + body + "]";
    net::Answer answer = json_answer(200, std::move(body));
    answer.headers.add(std::string(request_id_header(call.client.protocol)), call.trace.id());
    call.reasons.add_to(answer.headers);
    auto sent = co_await call.exchange.send(std::move(answer));
    if (!sent) call.trace.failed(sent.error());
    co_return Result<void>();
}

}  // namespace

Task<Result<void>> relay_stream(Call& call, UpstreamCall& upstream, ClientStream& client) {
    if (!upstream.is_stream()) co_return co_await stream_whole_answer(call, upstream, client);
    // Another upstream goes on with blocks of ours, not with those of the first one.
    const bool verbatim = upstream.verbatim() && !client.continuation();
    StreamLane lane(upstream.open_decoder(), client, verbatim, upstream.open_parser());
    lane.show_to(upstream.watch());
    lane.adapt_with(upstream.plan());
    CO_TRY_DO(co_await peek(call, upstream, client, lane));
    upstream.began_well();
    call.trace.first_content();
    call.trace.answered(200);
    auto sent = co_await forward(upstream, client, lane);
    call.trace.usage(lane.usage());
    if (!sent) co_return co_await broken_off(call, upstream, client, std::move(sent).error());
    if (lane.failure()) {
        call.trace.failed(*lane.failure());
        upstream.broke_off(*lane.failure());
    }
    co_return Result<void>();
}

Task<Result<void>> relay_whole(Call& call, UpstreamCall& upstream) {
    if (upstream.is_stream()) {
        CO_TRY(chat::Reply reply, co_await gather_stream(upstream));
        CO_TRY_DO(check_not_empty(call, upstream, is_empty(reply)));
        upstream.began_well();
        if (upstream.watch()) upstream.watch()->feed(reply);
        call.trace.usage(reply.usage);
        co_return co_await send_whole(call, told(call, reply));
    }
    CO_TRY(std::string body, co_await upstream.read_all(kWholeAnswerLimit, nullptr));
    CO_TRY(chat::Reply reply, upstream.decode_reply(body));
    upstream.plan().answer(reply);
    CO_TRY_DO(check_not_empty(call, upstream, is_empty(reply)));
    upstream.began_well();
    if (upstream.watch()) upstream.watch()->feed(reply);
    call.trace.whole_content();
    call.trace.usage(reply.usage);
    // The client's own protocol passes word for word; decoding has shown that it is a whole answer.
    if (!upstream.verbatim()) body = told(call, reply);
    co_return co_await send_whole(call, std::move(body));
}

}  // namespace ccr::gateway
