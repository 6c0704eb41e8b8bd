// Cancelling over HTTP/1.1: the upstream sees the end within 50 ms, alone and beside another
// transfer, and the other goes on unharmed.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <future>
#include <thread>

#include "net/client_loop_fixture.h"
#include "net/end_watch_fixture.h"
#include "net/scripted_upstream_fixture.h"
#include "net/test_certificate_fixture.h"

// Stands before the system's: a name server that takes its time for names that begin with "slow.".
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node,
                                                                  const char* service,
                                                                  const addrinfo* hints,
                                                                  addrinfo** result) {
    if (node != nullptr && std::string_view(node).starts_with("slow.")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        return EAI_NONAME;
    }
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto system = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return system(node, service, hints, result);
}

namespace ccr::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct Setting {
    const char* name;
    How how;
    bool beside;
    const TestCertificate* certificate = nullptr;
};

/// Cancels one transfer, with another beside it if so set, and returns how long the upstream took
/// to see it.
double cancel_once(const Setting& setting) {
    EndWatch watch(setting.certificate != nullptr ? setting.certificate->server() : nullptr);
    ClientLoop loop;
    ClientRequest request = get_request(watch.upstream.url("/endless"));
    if (setting.certificate != nullptr) request.ca_file = setting.certificate->certificate_file();
    auto response = loop.start(request);
    request.url = watch.upstream.url("/finite");
    const auto other = setting.beside ? loop.start(request) : nullptr;
    EXPECT_EQ(loop.next(*response).value(), "first");
    std::string start_of_other = other ? loop.next(*other).value() : "";
    const auto before = steady_clock::now();
    cancel(response, setting.how);
    const double late = milliseconds(watch.seen() - before);
    if (setting.how == How::abort) {
        EXPECT_EQ(loop.next(*response).error().kind, ErrorKind::client_gone);
    }
    if (other) {
        const Fetched rest = loop.rest(*other);
        EXPECT_FALSE(rest.error);
        EXPECT_EQ(start_of_other.size() + rest.body.size(), 200u);
    }
    return late;
}

void check(const Setting& setting) {
    const double late = promptest([&](int) { return cancel_once(setting); });
    EXPECT_LT(late, kMostMilliseconds) << setting.name;
    std::printf("  %s: the upstream saw the end after %.2f ms\n", setting.name, late);
}

class HttpClientCancel : public WithEachEngine {};
INSTANTIATE_TEST_SUITE_P(, HttpClientCancel, each_engine(), engine_name);

TEST_P(HttpClientCancel, Http1) {
    check({"HTTP/1.1, destroyed", How::destroy, false});
    check({"HTTP/1.1, aborted", How::abort, false});
    check({"HTTP/1.1 beside another", How::destroy, true});
}

TEST_P(HttpClientCancel, Http1OverTls) {
    const TestCertificate certificate;
    check({"HTTP/1.1 over TLS", How::destroy, false, &certificate});
    check({"HTTP/1.1 over TLS beside another", How::abort, true, &certificate});
}

double cancel_before_the_answer() {
    std::promise<steady_clock::time_point> seen;
    std::promise<void> asked;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        asked.set_value();
        seen.set_value(peer.wait_for_end(5s).value_or(steady_clock::now()));
    });
    ClientLoop loop;
    auto response = loop.get(upstream.url());
    EXPECT_EQ(loop.status(*response, within(20ms)).error().kind, ErrorKind::upstream_timeout);
    asked.get_future().wait();
    const auto before = steady_clock::now();
    response.reset();
    return milliseconds(seen.get_future().get() - before);
}

TEST_P(HttpClientCancel, BeforeTheAnswer) {
    EXPECT_LT(promptest([](int) { return cancel_before_the_answer(); }), kMostMilliseconds);
}

TEST_P(HttpClientCancel, WhileTheBodyIsBeingSent) {
    std::promise<steady_clock::time_point> seen;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        std::this_thread::sleep_for(50ms);
        seen.set_value(peer.wait_for_end(5s).value_or(steady_clock::time_point::max()));
    });
    ClientLoop loop;
    auto body = std::make_unique<std::string>(32u << 20, 'x');
    ClientRequest request;
    request.url = upstream.url();
    request.body = *body;
    auto response = loop.start(request);
    loop.idle(20ms);
    response.reset();
    body.reset();
    loop.idle(20ms);
    EXPECT_NE(seen.get_future().get(), steady_clock::time_point::max());
}

TEST_P(HttpClientCancel, NothingHalfReadReturnsToThePool) {
    ScriptedUpstream upstream([](Peer& peer) {
        while (!peer.read_head().empty())
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
    });
    ClientLoop loop;
    for (int i = 0; i < 3; ++i) {
        const auto response = loop.get(upstream.url());
        EXPECT_EQ(loop.next(*response).value(), "12345");
    }
    EXPECT_EQ(upstream.connections(), 3);
}

double cancel_during_look_up() {
    ClientLoop loop;
    auto response = loop.get("http://slow.invalid/");
    EXPECT_EQ(loop.status(*response, within(20ms)).error().kind, ErrorKind::upstream_timeout);
    const auto before = steady_clock::now();
    response.reset();
    const double late = milliseconds(steady_clock::now() - before);
    loop.idle(50ms);
    return late;
}

TEST_P(HttpClientCancel, DuringNameResolutionDoesNotBlock) {
    const double late = promptest([](int) { return cancel_during_look_up(); });
    EXPECT_LT(late, kMostMilliseconds);
    std::printf("  during a name look-up: cancelled within %.2f ms\n", late);
}

}  // namespace
}  // namespace ccr::net
