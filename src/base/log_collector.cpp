#include "base/log_collector.h"

#include <chrono>
#include <system_error>

namespace ccr::log {
namespace {

constexpr std::chrono::milliseconds kGathering{5};  // what comes within it is one write
constexpr std::size_t kMostBytes = 4u << 20;

}  // namespace

void Collector::add(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    if (pending_.lines.size() + line.size() > kMostBytes) {
        ++pending_.lost;
        return;
    }
    const bool first = pending_.count == 0;
    pending_.lines += line;
    ++pending_.count;
    if (!thread_.joinable()) {
        owner_ = ::getpid();
        try {
            thread_ = std::thread([this] { run(); });
        } catch (const std::system_error&) {
            return;  // tried again with the next line
        }
    }
    if (first) wake_.notify_one();
}

void Collector::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    if (thread_.joinable() && owner_ != ::getpid()) {
        thread_.detach();
        return;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Collector::run() {
    Batch batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return closed_ || pending_.count > 0; });
        wake_.wait_for(lock, kGathering, [this] { return closed_; });
        if (pending_.count == 0) return;
        std::swap(batch, pending_);
        lock.unlock();
        write_(batch);
        batch.lines.clear();
        batch.count = batch.lost = 0;
        lock.lock();
    }
}

}  // namespace ccr::log
