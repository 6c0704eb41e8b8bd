#include "report/console_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/write_all.h"

namespace ccr::report {

// What its thread and its owner share; whoever lives longer has it.
class ConsoleStream::Waiting {
  public:
    explicit Waiting(net::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

    static std::shared_ptr<Waiting> begun(int descriptor) {
        auto made = std::make_shared<Waiting>(
            net::Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)));
        std::thread([made] {
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
            while (auto text = made->next()) write_all(made->descriptor_.get(), *text);
        }).detach();
        return made;
    }

    void put(std::string text) {
        constexpr std::size_t kMost = 100;
        const std::lock_guard lock(mutex_);
        if (texts_.size() >= kMost) return;
        texts_.push_back(std::move(text));
        changed_.notify_one();
    }

    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_one();
    }

  private:
    std::optional<std::string> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ended_ || !texts_.empty(); });
        if (texts_.empty()) return std::nullopt;
        std::string text = std::move(texts_.front());
        texts_.pop_front();
        return text;
    }

    const net::Descriptor descriptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    // Guarded by mutex_:
    std::deque<std::string> texts_;
    bool ended_ = false;
};

ConsoleStream::ConsoleStream(int descriptor, net::Descriptor (*reopen)(int))
    : descriptor_(descriptor) {
    struct stat found{};
    if (::fstat(descriptor, &found) != 0) return;
    is_socket_ = S_ISSOCK(found.st_mode);
    if (!S_ISFIFO(found.st_mode) && !S_ISCHR(found.st_mode)) return;
    opened_ = reopen(descriptor);
    if (!opened_) waiting_ = Waiting::begun(descriptor);
}

ConsoleStream::~ConsoleStream() {
    if (waiting_) waiting_->end();
}

void ConsoleStream::put(std::string text) {
    if (waiting_) return waiting_->put(std::move(text));
    if (!write_rest()) return;
    rest_ = std::move(text);
    write_rest();
}

long ConsoleStream::write_some() const {
    if (is_socket_)
        return ::send(descriptor_, rest_.data(), rest_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return ::write(opened_ ? opened_.get() : descriptor_, rest_.data(), rest_.size());
}

bool ConsoleStream::write_rest() {
    while (!rest_.empty()) {
        const long taken = write_some();
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0 && errno == EAGAIN) return false;
        // A console that is gone is nobody's loss.
        rest_.erase(0, taken < 0 ? rest_.size() : static_cast<std::size_t>(taken));
    }
    return true;
}

}  // namespace ccr::report
