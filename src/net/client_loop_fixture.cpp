#include "net/client_loop_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

namespace ccr::net {

namespace {

Task<Result<std::string>> copy_next(ClientResponse& response, Deadline deadline) {
    CO_TRY(const std::string_view bytes, co_await response.next(deadline));
    co_return std::string(bytes);
}

Task<Fetched> read_all(ClientResponse& response) {
    Fetched fetched;
    const Deadline deadline = within(std::chrono::seconds(60));
    const auto status = co_await response.status(deadline);
    if (!status) {
        fetched.error = status.error();
        co_return fetched;
    }
    fetched.status = *status;
    fetched.headers = response.headers();
    for (;;) {
        const auto bytes = co_await response.next(deadline);
        if (!bytes) fetched.error = bytes.error();
        if (!bytes || bytes->empty()) co_return fetched;
        fetched.body += *bytes;
        ++fetched.pieces;
    }
}

}  // namespace

ClientLoop::ClientLoop()
    : context_(std::make_unique<asio::io_context>(1)),
      client_(std::make_unique<HttpClient>(*context_, engine)) {}
ClientLoop::~ClientLoop() = default;

template <typename T>
T ClientLoop::run(Task<T> task) {
    std::optional<T> result;
    asio::co_spawn(*context_, std::move(task), [&](std::exception_ptr problem, T value) {
        if (problem) std::rethrow_exception(problem);
        result.emplace(std::move(value));
    });
    context_->restart();
    const Deadline limit = within(std::chrono::seconds(90));
    while (!result) {
        if (context_->run_one_until(limit) == 0)
            throw std::runtime_error("the client never answered");
    }
    return std::move(*result);
}

Result<int> ClientLoop::status(ClientResponse& response, Deadline deadline) {
    return run(response.status(deadline));
}
Result<std::string> ClientLoop::next(ClientResponse& response, Deadline deadline) {
    return run(copy_next(response, deadline));
}
Fetched ClientLoop::rest(ClientResponse& response) {
    return run(read_all(response));
}
Fetched ClientLoop::fetch(const ClientRequest& request) {
    const auto response = start(request);
    return rest(*response);
}

void ClientLoop::idle(std::chrono::milliseconds time) {
    context_->restart();
    const Deadline until = within(time);
    asio::steady_timer keep(*context_, until);
    keep.async_wait([](const boost::system::error_code&) {});
    while (Clock::now() < until && context_->run_one_until(until) > 0) {
    }
}

std::unique_ptr<ClientResponse> ClientLoop::get(std::string url) {
    return start(get_request(std::move(url)));
}

ClientRequest get_request(std::string url) {
    ClientRequest request;
    request.method = "GET";
    request.url = std::move(url);
    return request;
}

}  // namespace ccr::net
