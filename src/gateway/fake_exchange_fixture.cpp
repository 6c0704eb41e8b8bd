#include "gateway/fake_exchange_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>

namespace ccr::gateway {

net::Task<Result<void>> FakeExchange::send(net::Answer answer) {
    answers.push_back(std::move(answer));
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::open(int, net::Headers, std::string_view first) {
    is_open = true;
    writes.emplace_back(first);
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::write(std::string_view bytes) {
    writes.emplace_back(bytes);
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::finish(std::string_view last) {
    if (!last.empty()) writes.emplace_back(last);
    finished = true;
    co_return Result<void>();
}

net::Task<Result<void>> FakeExchange::send_chunked(int, net::Headers, std::string_view all) {
    is_open = true;
    co_return co_await finish(all);
}

std::string FakeExchange::streamed() const {
    std::string all;
    for (const std::string& part : writes) all += part;
    return all;
}

void run_task(net::Task<void> task) {
    net::asio::io_context context;
    net::asio::co_spawn(context, std::move(task), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    context.run();
}

}  // namespace ccr::gateway
