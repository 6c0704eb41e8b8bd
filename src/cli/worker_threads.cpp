#include "cli/worker_threads.h"

#include <csignal>

namespace ccr::cli {
namespace {

// Signals are the main thread's.
void block_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

WorkerThreads::WorkerThreads(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        contexts_.push_back(std::make_unique<net::asio::io_context>(1));
        guards_.emplace_back(contexts_.back()->get_executor());
    }
}

WorkerThreads::~WorkerThreads() {
    stop();
}

std::vector<net::asio::io_context*> WorkerThreads::contexts() const {
    std::vector<net::asio::io_context*> out;
    for (const auto& context : contexts_) out.push_back(context.get());
    return out;
}

void WorkerThreads::start() {
    for (const auto& context : contexts_) {
        threads_.emplace_back([&context = *context] {
            block_signals();
            context.run();
        });
    }
}

void WorkerThreads::stop() {
    for (const auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

}  // namespace ccr::cli
