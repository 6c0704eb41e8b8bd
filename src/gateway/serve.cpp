#include "gateway/serve.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "gateway/answer.h"
#include "gateway/attempts.h"
#include "gateway/client_stream.h"
#include "gateway/count_answer.h"
#include "gateway/counting.h"
#include "gateway/custom_router.h"
#include "gateway/facts.h"
#include "gateway/session.h"
#include "route/route.h"

namespace ccr::gateway {
namespace {

using net::Task;

// A project, or one session of it, may have a Router of its own; it says what the facts are asked
// for.
void gather_facts(Call& call, std::optional<route::SubagentTag> tag) {
    const net::Headers& headers = call.exchange.head().headers;
    const std::string session = session_of(headers, call.root);
    config::ProjectRouting found;
    if (call.projects) found = call.projects->of(session, call.config);
    if (found.config) call.config = found.config;
    call.facts =
        facts_of(headers, call.conversation, call.client.protocol, std::move(tag), *call.config);
    call.facts.session = session;
    call.facts.project = found.project;
    if (found.config) call.facts.router_file = found.files.back();
    call.home = Homes::key_of(call.facts, headers.get("x-claude-code-agent-id").value_or(""));
    call.memory.homes.recall(call.home, call.config->routing.stickiness, call.facts);
}

bool may_be_continued(const Call& call, const route::Decision& decision) {
    return std::ranges::any_of(decision.attempts, [&call](const route::Attempt& attempt) {
        return attempt.provider->continue_midstream.value_or(call.config->continue_midstream);
    });
}

Task<Result<void>> serve_stream(Call& call, const route::Decision& decision) {
    ClientStream stream(call.exchange, call.client, answer_context(call), call.pace);
    stream.add_headers(call.reasons);
    if (may_be_continued(call, decision)) stream.allow_continuation();
    auto outcome = co_await first_working(call, decision, &stream);
    if (outcome || !call.exchange.opened()) co_return outcome;
    // The stream was opened to bridge a silence, so the error has to be told inside it.
    Error error = std::move(outcome).error();
    if (call.stop) error = call.stop->told(std::move(error));
    call.trace.failed(error);
    auto told = co_await stream.fail(std::move(error));
    (void)told;
    co_return Result<void>();
}

// A tag that is not followed sends a subagent where its writer did not mean it to go.
void warn_of_tag(const Call& call, const route::Decision& decision) {
    if (!call.facts.tag) return;
    for (const route::Considered& rule : decision.considered) {
        if (rule.rule != "subagent tag" || rule.applied) continue;
        log::warn("subagent tag ignored", {{"reqId", std::string_view(call.trace.id())},
                                           {"session", std::string_view(call.facts.session)},
                                           {"reason", std::string_view(rule.why)}});
    }
}

// What has been answered is in its provider's cache, and the next request finds it there.
void remember_home(const Call& call, const route::Decision& decision) {
    const event::Settled& settled = call.trace.so_far();
    const auto target = config::parse_model_ref(settled.target);
    if (settled.outcome != "ok" || !target) return;
    const std::int64_t input = settled.input.value_or(0) + settled.cache_read.value_or(0) +
                               settled.cache_write.value_or(0);
    call.memory.homes.answered(call.home, *target, decision.usual, input);
}

}  // namespace

Task<Result<void>> read_request(Call& call) {
    CO_TRY(call.body, co_await call.exchange.read_body(call.config->body_limit));
    const Question question{call.exchange.head().headers, call.body, call.document, call.root,
                            call.conversation};
    const auto instructions = call.memory.instructions.text(call.config->rewrite_system_prompt);
    CO_TRY(auto tag, decode(call.address, call.client, question, instructions.get()));
    gather_facts(call, std::move(tag));
    co_return Result<void>();
}

Task<Result<void>> serve(Call& call) {
    CO_TRY_DO(co_await read_request(call));
    if (call.stop) call.stop->belongs_to(call.facts.session);
    co_await settle_length(call);
    co_await consult_router(call);
    route::Decision decision = route::decide(call.facts, *call.config, route::Telling::briefly);
    call.trace.routed(call.facts, decision, call.body.size());
    warn_of_tag(call, decision);
    call.reasons.decided(call.facts, decision, *call.config);
    if (decision.refusal) co_return std::unexpected(*std::move(decision.refusal));
    call.edits = std::move(decision.edits);
    // Told by now, and an answer may take an hour.
    std::vector<route::Considered>().swap(decision.considered);
    std::optional<TokenMeter> meter;
    if (call.config->token_speed.enabled && !call.facts.session.empty())
        call.meter = &meter.emplace(call.trace);
    Task<Result<void>> work = call.conversation.stream ? serve_stream(call, decision)
                                                       : first_working(call, decision, nullptr);
    auto outcome = co_await std::move(work);
    remember_home(call, decision);
    co_return outcome;
}

Task<Result<void>> count_tokens(Call& call) {
    CO_TRY_DO(co_await read_request(call));
    co_await settle_length(call);
    const std::int64_t tokens = co_await count_for_target(call);
    std::string body = count_body(call.client.protocol, tokens);
    call.trace.answered(200);
    net::Answer answer = json_answer(200, std::move(body));
    co_return co_await call.exchange.send(std::move(answer));
}

}  // namespace ccr::gateway
