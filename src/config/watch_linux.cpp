#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "config/file_state.h"
#include "config/file_watch.h"
#include "config/watch_points.h"

namespace ccr::config {
namespace {

// IN_MODIFY is left out on purpose: a file that is being written is read when its writer closes it.
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                  IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB;
// How often the file's state is compared, for mounts that deliver no events.
constexpr std::chrono::milliseconds kLook{2000};

class LinuxWatch final : public FileWatch {
  public:
    explicit LinuxWatch(std::string file)
        : file_(std::move(file)),
          inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
          wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        watch_all();
        state_ = state_of(file_);
    }
    LinuxWatch(const LinuxWatch&) = delete;
    LinuxWatch& operator=(const LinuxWatch&) = delete;
    ~LinuxWatch() override {
        if (inotify_ >= 0) ::close(inotify_);
        if (wake_ >= 0) ::close(wake_);
    }

    Event wait(std::chrono::milliseconds patience) override {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (true) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            const auto turn = std::max(std::chrono::milliseconds{0}, std::min(left, kLook));
            std::array<pollfd, 2> sources{{{wake_, POLLIN, 0}, {inotify_, POLLIN, 0}}};
            const int ready =
                ::poll(sources.data(), sources.size(), static_cast<int>(turn.count()));
            if (ready > 0 && sources[0].revents != 0) {
                drain_wake();
                return Event::woken;
            }
            const bool told = ready > 0 && sources[1].revents != 0 && read_events();
            if (told || looks_changed()) return Event::changed;
            if (std::chrono::steady_clock::now() >= end) return Event::timeout;
        }
    }

    void wake() override {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
    }

  private:
    void drain_wake() {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_, &count, sizeof count);
    }

    // Links may lead elsewhere after every change, so the set of directories is made anew.
    void watch_all() {
        std::map<int, std::vector<std::string>> names;
        for (const WatchPoint& point : watch_points(file_)) {
            const int id =
                ::inotify_add_watch(inotify_, point.directory.c_str(), kEvents | IN_ONLYDIR);
            if (id >= 0) names[id].push_back(point.name);
        }
        for (const auto& [id, ignored] : names_) {
            if (!names.contains(id)) ::inotify_rm_watch(inotify_, id);
        }
        names_ = std::move(names);
    }

    // True when one of the events concerns the file.
    bool read_events() {
        alignas(inotify_event) std::array<char, 16384> buffer;
        bool concerned = false;
        while (true) {
            const ssize_t got = ::read(inotify_, buffer.data(), buffer.size());
            if (got <= 0) break;
            for (ssize_t at = 0; at < got;) {
                inotify_event event;
                std::memcpy(&event, buffer.data() + at, sizeof event);
                concerned = concerns_us(event, buffer.data() + at + sizeof event) || concerned;
                at += static_cast<ssize_t>(sizeof event + event.len);
            }
        }
        if (concerned) watch_all();
        return concerned;
    }

    bool concerns_us(const inotify_event& event, const char* name) const {
        if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
        const auto watched = names_.find(event.wd);
        if (watched == names_.end()) return false;
        if (event.len == 0) return true;  // the directory itself was moved or deleted
        for (const std::string& wanted : watched->second) {
            if (wanted == name) return true;
        }
        return false;
    }

    bool looks_changed() {
        FileState now = state_of(file_);
        if (now == state_) return false;
        state_ = now;
        watch_all();
        return true;
    }

    std::string file_;
    int inotify_;
    int wake_;
    std::map<int, std::vector<std::string>> names_;  // by watch id
    FileState state_;
};

}  // namespace

std::unique_ptr<FileWatch> FileWatch::open(const std::string& file) {
    return std::make_unique<LinuxWatch>(file);
}

}  // namespace ccr::config
