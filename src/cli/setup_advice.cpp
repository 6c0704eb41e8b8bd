#include "cli/setup_advice.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>

#include <cerrno>

#include "net/socket_calls.h"

namespace ccr::cli {
namespace {

constexpr std::uint16_t kOllamaPort = 11434;
constexpr int kPatienceMs = 50;

std::string source_of(const config::SetupHint& hint) {
    return hint.variable.empty() ? "a local Ollama" : "the variable " + hint.variable;
}

}  // namespace

bool is_listening(std::uint16_t port) {
    const net::Descriptor socket = net::open_socket(AF_INET);
    if (!socket) return false;
    ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return true;
    pollfd watched{socket.get(), POLLOUT, 0};
    if (errno != EINPROGRESS || ::poll(&watched, 1, kPatienceMs) != 1) return false;
    int failed = 0;
    socklen_t length = sizeof failed;
    return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && failed == 0;
}

std::vector<config::SetupHint> find_setup(const config::Environment& environment) {
    std::vector<config::SetupHint> hints = config::setup_hints(environment);
    if (is_listening(kOllamaPort)) hints.push_back(config::ollama_hint());
    return hints;
}

std::string setup_sentence(const std::vector<config::SetupHint>& hints,
                           const std::string& config_file) {
    if (hints.empty()) return "";
    return fmt::format(
        "Because of {} the provider {} could be set up: `ccr status` shows the lines for {}.",
        source_of(hints.front()), hints.front().provider, config_file);
}

}  // namespace ccr::cli
