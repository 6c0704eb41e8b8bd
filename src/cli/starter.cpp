#include "cli/starter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "net/socket_calls.h"

namespace ccr::cli {
namespace {

constexpr std::string_view kMark =
    "\x1e"
    "ccr ready ";

}  // namespace

std::optional<Starter> Starter::take() {
    const char* instance = std::getenv(kInstanceVariable);
    if (instance == nullptr || *instance == '\0') return std::nullopt;
    Starter starter;
    starter.instance_ = instance;
    ::unsetenv(kInstanceVariable);
    if (const char* predecessor = std::getenv(kPredecessorVariable)) {
        starter.predecessor_ = predecessor;
        ::unsetenv(kPredecessorVariable);
    }
    return starter;
}

void Starter::announce(const std::string& instance) const {
    const std::string line = ready_line(instance);
    // A starter that has given up waiting is no reason to end.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    const net::Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (nowhere) ::dup2(nowhere.get(), STDERR_FILENO);
}

std::string ready_line(std::string_view instance) {
    return fmt::format("{}{}\n", kMark, instance);
}

std::optional<std::string> announced_instance(std::string_view output) {
    const auto begin = output.find(kMark);
    if (begin == std::string_view::npos) return std::nullopt;
    const std::string_view rest = output.substr(begin + kMark.size());
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(rest.substr(0, end));
}

}  // namespace ccr::cli
