#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "cli/port_owner.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;

struct Listeners {
    std::set<std::string> sockets;  // as /proc/PID/fd shows them: "socket:[INODE]"
    unsigned long user = 0;
};

// proc_pid_net(5): sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode ...
void add_listeners(const char* table, std::uint16_t port, Listeners& found) {
    constexpr std::string_view kListening = "0A";
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
        fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
            timeout >> inode;
        const auto colon = local.rfind(':');
        if (state != kListening || colon == std::string::npos || inode.empty()) continue;
        unsigned number = 0;
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), number, 16);
        if (number != port) continue;
        found.sockets.insert("socket:[" + inode + "]");
        std::from_chars(user.data(), user.data() + user.size(), found.user);
    }
}

int pid_of(const fs::path& process) {
    const std::string name = process.filename().string();
    int pid = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    return failed == std::errc{} && end == name.data() + name.size() ? pid : 0;
}

bool holds_one_of(const fs::path& process, const std::set<std::string>& sockets) {
    std::error_code failed;
    for (auto entry = fs::directory_iterator(process / "fd", failed);
         !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
        std::error_code gone;
        if (sockets.contains(fs::read_symlink(entry->path(), gone).string())) return true;
    }
    return false;
}

std::string name_of_process(const fs::path& process) {
    std::ifstream file(process / "comm");
    std::string name;
    std::getline(file, name);
    return name;
}

std::string name_of_user(unsigned long user) {
    const passwd* entry = ::getpwuid(static_cast<uid_t>(user));
    return entry == nullptr ? std::to_string(user) : entry->pw_name;
}

}  // namespace

std::optional<PortOwner> owner_of_port(std::uint16_t port) {
    Listeners listeners;
    add_listeners("/proc/net/tcp", port, listeners);
    add_listeners("/proc/net/tcp6", port, listeners);
    if (listeners.sockets.empty()) return std::nullopt;
    PortOwner owner;
    std::error_code failed;
    for (auto entry = fs::directory_iterator("/proc", failed);
         !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
        const int pid = pid_of(entry->path());
        if (pid == 0 || !holds_one_of(entry->path(), listeners.sockets)) continue;
        owner.pid = pid;
        owner.command = name_of_process(entry->path());
        return owner;
    }
    if (listeners.user != ::geteuid()) owner.user = name_of_user(listeners.user);
    return owner;
}

}  // namespace ccr::cli
