// WorkerThreads: io_contexts, each run by a thread of its own.
//
// Owned by one thread. Contexts live until the object ends, after their threads.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "net/async.h"

namespace ccr::cli {

class WorkerThreads {
  public:
    explicit WorkerThreads(std::size_t count);
    ~WorkerThreads();
    WorkerThreads(const WorkerThreads&) = delete;
    WorkerThreads& operator=(const WorkerThreads&) = delete;

    std::vector<net::asio::io_context*> contexts() const;
    void start();
    /// Ends the threads, whatever still waits in the contexts. Idempotent.
    void stop();

  private:
    using Guard = net::asio::executor_work_guard<net::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<net::asio::io_context>> contexts_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace ccr::cli
