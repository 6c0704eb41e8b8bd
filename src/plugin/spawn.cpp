#include "plugin/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

extern char** environ;

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
    int run(const std::vector<std::string>& arguments, pid_t& pid) {
        std::vector<char*> words;
        for (const std::string& argument : arguments)
            words.push_back(const_cast<char*>(argument.c_str()));
        words.push_back(nullptr);
        return ::posix_spawn(&pid, words[0], &actions_, &attributes_, words.data(), environ);
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::unexpected<Error> refused(std::string_view program, int error) {
    return fail(ErrorKind::config, fmt::format("the plugin host {} cannot be started: {}", program,
                                               std::strerror(error)));
}

}  // namespace

Result<Spawned> spawn(const std::vector<std::string>& arguments, std::string_view input,
                      std::size_t lanes) {
    Ends ours;
    Ends childs;
    Spawned out;
    Actions actions;
    std::vector<int> kept;
    int our = -1;
    int child = -1;
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0 ||
        !add_pair(ours, childs, pair, our, child) || !put(our, input))
        return refused(arguments[0], errno);
    ::shutdown(our, SHUT_WR);
    actions.place(child, STDIN_FILENO);
    if (::pipe(pair.data()) != 0 || !add_pair(ours, childs, pair, our, child))
        return refused(arguments[0], errno);
    actions.place(child, STDOUT_FILENO);
    actions.place(child, STDERR_FILENO);
    kept.push_back(our);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0 ||
            !add_pair(ours, childs, pair, our, child))
            return refused(arguments[0], errno);
        actions.place(child, kFirstLane + static_cast<int>(lane));
        kept.push_back(our);
    }
    if (const int error = actions.run(arguments, out.pid); error != 0)
        return refused(arguments[0], error);
    for (const int end : kept) ours.give_away(end);
    out.output = kept[0];
    out.lanes.assign(kept.begin() + 1, kept.end());
    return out;
}

}  // namespace ccr::plugin
