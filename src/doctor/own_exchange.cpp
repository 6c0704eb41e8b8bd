#include "doctor/own_exchange.h"

namespace ccr::doctor {

OwnExchange::OwnExchange(std::string body, std::string leaves_at)
    : body_(std::move(body)), leaves_at_(std::move(leaves_at)) {
    head_.method = "POST";
    head_.target = head_.path = "/v1/messages";
    head_.headers.add("host", "127.0.0.1");
    head_.headers.add("content-type", "application/json");
    head_.headers.add("anthropic-version", "2023-06-01");
}

Result<void> OwnExchange::take(std::string_view bytes) {
    text_ += bytes;
    const bool has_enough = !leaves_at_.empty() && text_.find(leaves_at_) != std::string::npos;
    if (!has_enough) return {};
    gone_ = true;
    return fail(ErrorKind::client_gone, "The answer has begun, which was all that was asked.");
}

net::Task<Result<std::string>> OwnExchange::read_body(std::size_t) {
    body_.reserve(body_.size() + net::kBodyPadding);
    co_return std::move(body_);
}

net::Task<Result<void>> OwnExchange::send(net::Answer answer) {
    opened_ = true;
    status_ = answer.status;
    text_ = std::move(answer.body);
    co_return Result<void>();
}

net::Task<Result<void>> OwnExchange::open(int code, net::Headers, std::string_view first) {
    opened_ = true;
    status_ = code;
    co_return take(first);
}

net::Task<Result<void>> OwnExchange::write(std::string_view bytes) {
    co_return take(bytes);
}

net::Task<Result<void>> OwnExchange::finish(std::string_view last) {
    text_ += last;
    co_return Result<void>();
}

net::Task<Result<void>> OwnExchange::send_chunked(int code, net::Headers, std::string_view all) {
    opened_ = true;
    status_ = code;
    text_ = all;
    co_return Result<void>();
}

void OwnExchange::when_gone(std::function<void()> callback) {
    when_gone_ = std::move(callback);
    if (when_gone_ && gone_) std::exchange(when_gone_, {})();
}

}  // namespace ccr::doctor
