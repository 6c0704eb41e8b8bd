#include "gateway/count_service.h"

#include <fmt/format.h>

#include "base/log.h"
#include "gateway/answer.h"
#include "gateway/authorization.h"
#include "gateway/count_answer.h"
#include "gateway/count_question.h"
#include "tokens/choose.h"

namespace ccr::gateway {
namespace {

using net::Task;

constexpr std::size_t kAnswerLimit = 64u << 10;

std::optional<config::CountEndpoint> endpoint_of(const route::Attempt& target, bool own_too) {
    const config::Provider& provider = *target.provider;
    if (provider.broken) return std::nullopt;
    if (const auto* choice = tokens::configured_tokenizer(provider, target.model))
        return choice->endpoint;
    const bool has_own = provider.preset && provider.preset->counts_tokens;
    return own_too && has_own ? std::optional(config::CountEndpoint{}) : std::nullopt;
}

Task<Result<std::int64_t>> ask(Call& call, const config::Provider& provider,
                               const std::string& model, const CountQuestion& question,
                               net::Deadline deadline) {
    net::ClientRequest request;
    request.url = question.url;
    request.headers = question.headers;
    request.headers.set("user-agent", "ccr/" CCR_VERSION);
    request.body = question.body;
    request.proxy = provider.proxy.empty() ? call.config->proxy : provider.proxy;
    request.http2 = question.is_providers_own && provider.http2;
    const wire::Target target{provider.name, model, provider.base_url, key_for_codec(provider),
                              false};
    Authorization authorization(call.google, provider, target, request.proxy);
    if (question.is_providers_own) {
        CO_TRY_DO(co_await authorization.complete(request));
    }
    const auto response = call.http.start(request);
    CO_TRY(const int status, co_await response->status(deadline));
    if (status != 200)
        co_return fail(ErrorKind::upstream_protocol, fmt::format("it answered {}", status));
    std::string answer;
    while (answer.size() < kAnswerLimit) {
        CO_TRY(const std::string_view bytes, co_await response->next(deadline));
        if (bytes.empty()) break;
        answer += bytes;
    }
    co_return counted_in(answer, question.field);
}

void tell(const Call& call, const config::Provider& provider, const Error& error) {
    const std::string reason = loggable(error);
    log::warn("tokens are counted here for a while: the server that counts them failed",
              {{"reqId", std::string_view(call.trace.id())},
               {"provider", std::string_view(provider.name)},
               {"reason", std::string_view(reason)}});
}

}  // namespace

Task<std::optional<std::int64_t>> asked_count(Call& call, const route::Attempt& target,
                                              std::chrono::milliseconds time, bool own_too) {
    const auto endpoint = endpoint_of(target, own_too);
    if (!endpoint) co_return std::nullopt;
    const config::Provider& provider = *target.provider;
    const json::View root = call.address.page == Page::count
                                ? counted_request(call.client.protocol, call.root)
                                : call.root;
    const Countable countable{call.client.protocol, root, call.conversation, provider,
                              target.model};
    const auto question = count_question(*endpoint, countable);
    if (!question || call.memory.count_pauses.is_paused(question->url)) co_return std::nullopt;
    auto counted = co_await ask(call, provider, target.model, *question, net::Clock::now() + time);
    if (counted) co_return *counted;
    call.memory.count_pauses.failed(question->url);
    tell(call, provider, counted.error());
    co_return std::nullopt;
}

}  // namespace ccr::gateway
