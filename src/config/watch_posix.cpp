#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "config/file_state.h"
#include "config/file_watch.h"

namespace ccr::config {
namespace {

constexpr std::chrono::milliseconds kLook{500};

// stat() follows links and finds the file under its name whatever way it got there, so comparing
// its answers covers everything that FileWatch promises.
class PollingWatch final : public FileWatch {
  public:
    explicit PollingWatch(std::string file) : file_(std::move(file)), state_(state_of(file_)) {}

    Event wait(std::chrono::milliseconds patience) override {
        const auto end = std::chrono::steady_clock::now() + patience;
        std::unique_lock lock(mutex_);
        while (true) {
            const auto turn = std::min(end, std::chrono::steady_clock::now() + kLook);
            condition_.wait_until(lock, turn, [this] { return woken_; });
            if (std::exchange(woken_, false)) return Event::woken;
            const FileState now = state_of(file_);
            if (std::exchange(state_, now) != now) return Event::changed;
            if (std::chrono::steady_clock::now() >= end) return Event::timeout;
        }
    }

    void wake() override {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        condition_.notify_one();
    }

  private:
    std::string file_;
    FileState state_;
    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

}  // namespace

std::unique_ptr<FileWatch> FileWatch::open(const std::string& file) {
    return std::make_unique<PollingWatch>(file);
}

}  // namespace ccr::config
