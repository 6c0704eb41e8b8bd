#include "gateway/answer.h"

namespace ccr::gateway {
namespace {

// 529 is Anthropic's own; the others say 503 when a server takes no more, and Google's clients
// retry nothing else. OpenAI's are told a provider's 529 as it came.
int status_for(const Error& error, Protocol client) {
    const bool is_own_load = error.kind == ErrorKind::overloaded && error.fault == Fault::gateway;
    if (is_own_load && client != Protocol::anthropic) return 503;
    return client == Protocol::gemini && error.status == 529 ? 503 : error.status;
}

}  // namespace

net::Answer json_answer(int status, std::string body) {
    net::Answer answer;
    answer.status = status;
    answer.headers.add("content-type", "application/json; charset=utf-8");
    answer.body = std::move(body);
    return answer;
}

std::string_view request_id_header(Protocol client) {
    const bool is_openai = client == Protocol::openai_chat || client == Protocol::openai_responses;
    return is_openai ? "x-request-id" : "request-id";
}

bool is_worth_retrying(const Error& error) {
    if (error.fault == Fault::config) return false;
    const bool refused_key = error.kind == ErrorKind::authentication ||
                             error.kind == ErrorKind::permission ||
                             error.kind == ErrorKind::billing;
    return !(refused_key && error.fault == Fault::upstream);
}

net::Answer error_answer(const Error& error, const wire::Codec& client,
                         std::string_view request_id) {
    const bool own_words =
        error.upstream_protocol == client.protocol && !error.upstream_body.empty();
    net::Answer answer =
        json_answer(status_for(error, client.protocol),
                    own_words ? error.upstream_body : client.encode_error(error, request_id));
    answer.headers.add(std::string(request_id_header(client.protocol)), std::string(request_id));
    if (error.retry_after)
        answer.headers.add("retry-after", std::to_string(error.retry_after->count()));
    if (!is_worth_retrying(error)) answer.headers.add("x-should-retry", "false");
    return answer;
}

}  // namespace ccr::gateway
