#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/port_owner.h"
#include "demo/demo.h"

namespace ccr::cli {
namespace {

constexpr std::uint16_t kDefaultPort = 3457;

constexpr const char* kFaults =
    "A phrase in the last message chooses what is played:\n"
    "  demo: slow               every event 200 ms after the one before\n"
    "  demo: drop N             the connection breaks after N events\n"
    "  demo: truncate N         a clean end after N events, without the terminal one\n"
    "  demo: 429                one refusal with 429, then an answer\n"
    "  demo: status N           the HTTP status N\n"
    "  demo: error              an error as the first event\n"
    "  demo: midstream-error N  an error after N events\n"
    "  demo: garbage            bytes that are no stream\n"
    "  demo: silence N          nothing for N seconds\n"
    "  demo: help               everything it can do, told by the demo itself\n";

void print_greeting(std::uint16_t port) {
    fmt::print(
        "The demo provider listens at http://127.0.0.1:{0}\n"
        "  Messages          http://127.0.0.1:{0}/v1/messages\n"
        "  Chat Completions  http://127.0.0.1:{0}/v1/chat/completions\n\n{1}\nCtrl-C ends it.\n",
        port, kFaults);
    std::fflush(stdout);
}

int cannot_listen(const Error& error, std::uint16_t port) {
    const auto owner = owner_of_port(port);
    if (port == 0 || !owner) return report(error);
    fmt::print(stderr, "Port {} is in use by {}; choose another with `ccr demo --port N`.\n", port,
               to_string(*owner));
    return kFailed;
}

}  // namespace

int demo_command(const Options& options, const config::Environment&) {
    std::signal(SIGPIPE, SIG_IGN);
    net::asio::io_context context(1);
    net::HttpServer server({&context}, net::ServerLimits(), demo::handler(),
                           demo::refusal_writer());
    const std::uint16_t asked = options.port.value_or(kDefaultPort);
    const auto port = server.listen_tcp("127.0.0.1", asked);
    if (!port) return cannot_listen(port.error(), asked);
    net::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&context](const boost::system::error_code&, int) { context.stop(); });
    print_greeting(*port);
    context.run();
    return kDone;
}

}  // namespace ccr::cli
