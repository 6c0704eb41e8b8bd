// The coroutine vocabulary of the project: Task<T> is an Asio awaitable.
//
// A task runs on one thread, that of the io_context it was spawned on, from start to end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace ccr::net {

namespace asio = boost::asio;

template <typename T = void>
using Task = asio::awaitable<T>;

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;
inline constexpr Deadline kNever = Deadline::max();

}  // namespace ccr::net
