#include "plugin/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

#include "plugin/isolated.h"

namespace ccr::plugin {
namespace {

constexpr int kFirstLane = 3;
constexpr int kAboveLanes = 64;  // so that no descriptor of ours stands where the child's will

/// Descriptors that are closed when they are not kept.
class Ends {
  public:
    ~Ends() {
        for (const int end : all_) ::close(end);
    }
    /// `end` out of the way of the child's numbers, and not handed on by accident.
    int add(int end) {
        const int moved = ::fcntl(end, F_DUPFD_CLOEXEC, kAboveLanes);
        ::close(end);
        if (moved >= 0) all_.push_back(moved);
        return moved;
    }
    /// `end` is the caller's from now on.
    void give_away(int end) { std::erase(all_, end); }

  private:
    std::vector<int> all_;
};

bool add_pair(Ends& ours, Ends& childs, const std::array<int, 2>& pair, int& our, int& child) {
    our = ours.add(pair[0]);
    child = childs.add(pair[1]);
    return our >= 0 && child >= 0;
}

/// The script waits in a socket's buffer until the child reads it: a write that cannot wait.
bool put(int socket, std::string_view input) {
    const int size = static_cast<int>(2 * input.size() + 65536);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    const ssize_t put = ::write(socket, input.data(), input.size());
    return put == static_cast<ssize_t>(input.size());
}

class Actions {
  public:
    Actions() {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~Actions() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    void place(int end, int at) { ::posix_spawn_file_actions_adddup2(&actions_, end, at); }
    int run(const SpawnWish& wish, pid_t& pid) {
        const auto words = pointers_to(wish.arguments);
        const auto variables = pointers_to(wish.environment);
        return ::posix_spawn(&pid, words[0], &actions_, &attributes_, words.data(),
                             variables.data());
    }

  private:
    static std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
        out.push_back(nullptr);
        return out;
    }

    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::unexpected<Error> refused(const SpawnWish& wish, std::string_view why) {
    return fail(ErrorKind::config,
                fmt::format("the plugin host {} cannot be started: {}", wish.arguments[0], why));
}

std::unexpected<Error> refused(const SpawnWish& wish, int error) {
    return refused(wish, std::strerror(error));
}

using Placed = std::vector<std::pair<int, int>>;  // a descriptor, and its number in the child

Result<pid_t> run(const SpawnWish& wish, const Placed& placed) {
    if (!wish.has_network) {
        auto child = run_isolated(wish.arguments, wish.environment, placed);
        if (!child) return refused(wish, child.error().message);
        return child;
    }
    Actions actions;
    for (const auto& [end, at] : placed) actions.place(end, at);
    pid_t pid = -1;
    if (const int error = actions.run(wish, pid); error != 0) return refused(wish, error);
    return pid;
}

}  // namespace

Result<Spawned> spawn(const SpawnWish& wish) {
    Ends ours;
    Ends childs;
    Spawned out;
    Placed placed;
    std::vector<int> kept;
    int our = -1;
    int child = -1;
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0 ||
        !add_pair(ours, childs, pair, our, child) || !put(our, wish.input))
        return refused(wish, errno);
    ::shutdown(our, SHUT_WR);
    placed.emplace_back(child, STDIN_FILENO);
    if (::pipe(pair.data()) != 0 || !add_pair(ours, childs, pair, our, child))
        return refused(wish, errno);
    placed.emplace_back(child, STDOUT_FILENO);
    placed.emplace_back(child, STDERR_FILENO);
    kept.push_back(our);
    for (std::size_t lane = 0; lane < wish.lanes; ++lane) {
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0 ||
            !add_pair(ours, childs, pair, our, child))
            return refused(wish, errno);
        placed.emplace_back(child, kFirstLane + static_cast<int>(lane));
        kept.push_back(our);
    }
    TRY(out.pid, run(wish, placed));
    for (const int end : kept) ours.give_away(end);
    out.output = kept[0];
    out.lanes.assign(kept.begin() + 1, kept.end());
    return out;
}

}  // namespace ccr::plugin
