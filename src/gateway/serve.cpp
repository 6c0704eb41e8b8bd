#include "gateway/serve.h"

#include <fmt/format.h>

#include <optional>

#include "base/log.h"
#include "gateway/answer.h"
#include "gateway/client_stream.h"
#include "gateway/count_answer.h"
#include "gateway/counting.h"
#include "gateway/relay.h"
#include "gateway/session.h"
#include "gateway/upstream_call.h"
#include "route/route.h"
#include "tokens/estimate.h"

namespace ccr::gateway {
namespace {

using net::Task;

Result<void> decode_body(Call& call) {
    if (call.body.empty())
        return fail(ErrorKind::invalid_request,
                    "The request has no body; a JSON object was expected.");
    auto root = call.document.parse(call.body, json::Limits{.unique_root_keys = true});
    if (!root)
        return fail(ErrorKind::invalid_request,
                    fmt::format("The body is not valid JSON: {}.", root.error().message));
    call.root = *root;
    const json::View request = call.address.page == Page::count
                                   ? counted_request(call.client.protocol, call.root)
                                   : call.root;
    const wire::Asked asked{call.address.model, call.address.stream};
    TRY(call.conversation, call.client.decode_request(request, asked));
    return {};
}

void gather_facts(Call& call) {
    call.facts = route::gather(call.conversation, call.client.protocol);
    call.facts.session = session_of(call.exchange.head().headers, call.root);
    call.facts.input_tokens = tokens::estimate(call.conversation);
}

// A project, or one session of it, may have a Router of its own.
void apply_project(Call& call) {
    if (!call.projects) return;
    const config::ProjectRouting found = call.projects->of(call.facts.session, call.config);
    call.facts.project = found.project;
    if (!found.config) return;
    call.config = found.config;
    call.facts.router_file = found.files.back();
}

Task<Result<void>> attempt(Call& call, const route::Attempt& target, ClientStream* stream) {
    CO_TRY_DO(usable(*target.provider));
    UpstreamCall upstream(call, target);
    CO_TRY_DO(co_await upstream.start(stream));
    if (stream) co_return co_await relay_stream(call, upstream, *stream);
    co_return co_await relay_whole(call, upstream);
}

void log_failed_attempt(const Call& call, const route::Attempt& target, const Error& error) {
    const std::string reason = loggable(error);
    log::warn("attempt failed", {{"reqId", std::string_view(call.trace.id())},
                                 {"provider", std::string_view(target.provider->name)},
                                 {"model", std::string_view(target.model)},
                                 {"kind", traits_of(error.kind).name},
                                 {"status", std::int64_t{error.status}},
                                 {"reason", std::string_view(reason)}});
}

// The first target that answers; the others are there for failures that leave nothing behind. When
// all fail, the error of the target that was asked for is the one to tell.
Task<Result<void>> first_working(Call& call, const route::Decision& decision,
                                 ClientStream* stream) {
    std::optional<Error> first;
    for (const route::Attempt& target : decision.attempts) {
        auto outcome = co_await attempt(call, target, stream);
        if (outcome) co_return outcome;
        const Error& error = outcome.error();
        if (error.kind != ErrorKind::client_gone) log_failed_attempt(call, target, error);
        if (!first) first = error;
        if (error.retry == Retry::no || call.exchange.gone()) break;
    }
    if (!first) first = make_error(ErrorKind::internal, "routing chose no target");
    co_return std::unexpected(std::move(*first));
}

Task<Result<void>> serve_stream(Call& call, const route::Decision& decision) {
    ClientStream stream(call.exchange, call.client, answer_context(call), call.pace);
    auto outcome = co_await first_working(call, decision, &stream);
    if (outcome || !call.exchange.opened()) co_return outcome;
    // The stream was opened to bridge a silence, so the error has to be told inside it.
    call.trace.failed(outcome.error());
    auto told = co_await stream.fail(std::move(outcome).error());
    (void)told;
    co_return Result<void>();
}

}  // namespace

Task<Result<void>> read_request(Call& call) {
    CO_TRY(call.body, co_await call.exchange.read_body(call.config->body_limit));
    co_return decode_body(call);
}

Task<Result<void>> serve(Call& call) {
    CO_TRY_DO(co_await read_request(call));
    gather_facts(call);
    apply_project(call);
    settle_length(call);
    CO_TRY(const route::Decision decision, route::route(call.facts, *call.config));
    call.trace.routed(call.facts, decision, call.body.size());
    if (call.conversation.stream) co_return co_await serve_stream(call, decision);
    co_return co_await first_working(call, decision, nullptr);
}

Task<Result<void>> count_tokens(Call& call) {
    CO_TRY_DO(co_await read_request(call));
    gather_facts(call);
    apply_project(call);
    std::string body = count_body(call.client.protocol, count_for_target(call));
    call.trace.answered(200);
    net::Answer answer = json_answer(200, std::move(body));
    co_return co_await call.exchange.send(std::move(answer));
}

}  // namespace ccr::gateway
