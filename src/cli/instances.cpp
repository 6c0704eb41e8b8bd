#include "cli/instances.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/control_client.h"

namespace ccr::cli {
namespace {

std::optional<Instance> ask(const std::string& socket) {
    const auto answer = ask_service(socket, "GET", "/status");
    if (!answer || answer->status != 200) return std::nullopt;
    auto status = parse_status(answer->body);
    if (!status) return std::nullopt;
    return Instance{socket, *std::move(status)};
}

}  // namespace

std::vector<std::string> control_sockets(const Paths& paths) {
    std::vector<std::string> found;
    std::error_code failed;
    for (auto entry = std::filesystem::directory_iterator(paths.sockets, failed);
         !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("ccr") && name.ends_with(".sock"))
            found.push_back(entry->path().string());
    }
    // "ccr-1.sock" comes before "ccr.sock" by its bytes; the main one leads.
    std::ranges::sort(found, {},
                      [](const std::string& path) { return std::pair(path.size(), path); });
    return found;
}

std::vector<Instance> running_instances(const Paths& paths) {
    std::vector<Instance> found;
    for (const std::string& socket : control_sockets(paths)) {
        if (auto instance = ask(socket)) found.push_back(*std::move(instance));
    }
    return found;
}

const Instance* find_wanted(const std::vector<Instance>& instances, const Wanted& wanted) {
    for (const Instance& instance : instances) {
        const ServiceStatus& status = instance.status;
        if (wanted.port == status.configured_port) return &instance;
        if (wanted.port == status.port && status.port != 0) return &instance;
    }
    if (wanted.port_is_explicit) return nullptr;
    for (const Instance& instance : instances) {
        const ServiceStatus& status = instance.status;
        if (!status.port_is_explicit && status.config_file == wanted.config_file) return &instance;
    }
    return nullptr;
}

std::optional<Instance> find_instance(const Paths& paths, const Wanted& wanted) {
    const std::vector<Instance> instances = running_instances(paths);
    const Instance* found = find_wanted(instances, wanted);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::string lock_path(const Paths& paths, std::uint16_t port) {
    return fmt::format("{}/ccr-{}.lock", paths.run, port);
}
std::string main_lock_path(const Paths& paths) {
    return paths.run + "/ccr.lock";
}
std::string main_socket_path(const Paths& paths) {
    return paths.sockets + "/ccr.sock";
}
std::string socket_path(const Paths& paths, std::uint16_t port) {
    return fmt::format("{}/ccr-{}.sock", paths.sockets, port);
}

}  // namespace ccr::cli
