#include "store/state.h"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace ccr::store {
namespace {

std::size_t size_of(const Change& change) {
    return change.record.key.size() + change.record.value.size() + sizeof(Change);
}

// Signals are the main thread's.
void block_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

State::State(StateSettings settings)
    : settings_(std::move(settings)), file_(settings_.file, settings_.most_bytes) {
    if (settings_.file.empty()) {
        is_loaded_ = true;
        return;
    }
    thread_ = std::thread([this] {
        block_signals();
        work();
    });
}

State::~State() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::optional<std::vector<Record>> State::take(std::string_view kind) {
    const std::lock_guard lock(mutex_);
    if (!is_loaded_) return std::nullopt;
    const auto taken = std::ranges::stable_partition(
        loaded_, [kind](const Record& record) { return record.kind != kind; });
    std::vector<Record> out(std::make_move_iterator(taken.begin()),
                            std::make_move_iterator(taken.end()));
    loaded_.erase(taken.begin(), taken.end());
    return out;
}

bool State::wait_loaded(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    return settled_.wait_for(lock, most, [this] { return is_loaded_; });
}

void State::put(Record record) {
    queue({Change::Kind::put, std::move(record)});
}

void State::remove(std::string_view kind, std::string_view key) {
    queue({Change::Kind::remove, {std::string(kind), std::string(key), {}, 0}});
}

void State::clear(std::string_view kind) {
    queue({Change::Kind::clear, {std::string(kind), {}, {}, 0}});
}

void State::queue(Change change) {
    if (settings_.file.empty()) return;
    const std::size_t size = size_of(change);
    {
        const std::lock_guard lock(mutex_);
        if (queued_.size() >= settings_.most_queued ||
            queued_bytes_ + size > settings_.most_queued_bytes) {
            ++dropped_;
            if (!std::exchange(tell_drops_, false)) return;
            log::warn(
                "the state file is written too slowly; some of what was learned will not "
                "outlive this service",
                {{"file", settings_.file}});
            return;
        }
        queued_.push_back(std::move(change));
        queued_bytes_ += size;
    }
    wake_.notify_one();
}

void State::flush() {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [this] {
        return !thread_.joinable() || (is_loaded_ && queued_.empty() && !writing_);
    });
}

void State::load() {
    std::vector<Record> records = file_.read();
    {
        const std::lock_guard lock(mutex_);
        loaded_ = std::move(records);
        is_loaded_ = true;
    }
    settled_.notify_all();
}

void State::work() {
    load();
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return ending_ || !queued_.empty(); });
        if (queued_.empty()) return;
        const std::vector<Change> batch = std::exchange(queued_, {});
        queued_bytes_ = 0;
        writing_ = true;
        lock.unlock();
        if (!file_.write(batch)) dropped_ += batch.size();
        lock.lock();
        writing_ = false;
        settled_.notify_all();
    }
}

}  // namespace ccr::store
