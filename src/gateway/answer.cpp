#include "gateway/answer.h"

namespace ccr::gateway {

net::Answer json_answer(int status, std::string body) {
    net::Answer answer;
    answer.status = status;
    answer.headers.add("content-type", "application/json; charset=utf-8");
    answer.body = std::move(body);
    return answer;
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
    net::Answer answer = json_answer(
        error.status, own_words ? error.upstream_body : client.encode_error(error, request_id));
    answer.headers.add("request-id", std::string(request_id));
    if (error.retry_after)
        answer.headers.add("retry-after", std::to_string(error.retry_after->count()));
    if (!is_worth_retrying(error)) answer.headers.add("x-should-retry", "false");
    return answer;
}

Protocol protocol_of_path(std::string_view path) {
    return path.find("/chat/completions") != std::string_view::npos ? Protocol::openai_chat
                                                                    : Protocol::anthropic;
}

}  // namespace ccr::gateway
