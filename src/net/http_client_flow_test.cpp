// Time and back-pressure: deadlines that pass without ending a transfer, and readers slower than
// the upstream.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>

#include "net/client_loop_fixture.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::net {
namespace {

using namespace std::chrono_literals;

class HttpClientFlow : public WithEachEngine {};
INSTANTIATE_TEST_SUITE_P(, HttpClientFlow, each_engine(), engine_name);

TEST_P(HttpClientFlow, StatusDeadlinePassesThenTheAnswerComes) {
    std::promise<void> go;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        go.get_future().wait();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    ClientLoop loop;
    const auto response = loop.get(upstream.url());
    for (int i = 0; i < 2; ++i) {
        const auto before = Clock::now();
        const auto status = loop.status(*response, within(40ms));
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().kind, ErrorKind::upstream_timeout);
        EXPECT_NE(status.error().message.find("127.0.0.1:" + std::to_string(upstream.port())),
                  std::string::npos);
        EXPECT_GE(Clock::now() - before, 39ms);
        EXPECT_LT(Clock::now() - before, 1s);
    }
    EXPECT_EQ(loop.next(*response, within(1ms)).error().kind, ErrorKind::upstream_timeout);
    go.set_value();
    EXPECT_EQ(loop.status(*response, kNever).value(), 200);
    EXPECT_EQ(loop.next(*response, kNever).value(), "ok");
    EXPECT_EQ(loop.next(*response, kNever).value(), "");
}

TEST_P(HttpClientFlow, NextDeadlinePassesThenMoreComes) {
    std::promise<void> first, second;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        first.get_future().wait();
        peer.send("3\r\ntwo\r\n");
        second.get_future().wait();
        peer.send("0\r\n\r\n");
    });
    ClientLoop loop;
    const auto response = loop.get(upstream.url());
    EXPECT_EQ(loop.next(*response).value(), "one");
    EXPECT_EQ(loop.next(*response, within(30ms)).error().kind, ErrorKind::upstream_timeout);
    first.set_value();
    EXPECT_EQ(loop.next(*response).value(), "two");
    EXPECT_EQ(loop.next(*response, within(30ms)).error().kind, ErrorKind::upstream_timeout);
    second.set_value();
    EXPECT_EQ(loop.next(*response).value(), "");
}

TEST_P(HttpClientFlow, APassedDeadlineStillGivesWhatIsThere) {
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        peer.wait_for_end(5s);
    });
    ClientLoop loop;
    const auto response = loop.get(upstream.url());
    ASSERT_EQ(loop.status(*response).value(), 200);
    EXPECT_EQ(loop.next(*response, Clock::now() - 1s).value(), "ok");
}

// Around the sizes of what one read takes: the sender of our own first glances into a kilobyte,
// then reads 64 KB.
TEST_P(HttpClientFlow, AnswersOfAnySizeComeWhole) {
    constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\n\r\n";
    for (const std::size_t edge : {std::size_t{1024}, std::size_t{64} * 1024}) {
        for (const std::size_t size : {edge - 1, edge, edge + 1, 2 * edge, 3 * edge + 7}) {
            std::string body(size - kHead.size(), ' ');
            for (std::size_t at = 0; at < body.size(); ++at)
                body[at] = static_cast<char>('a' + at % 23);
            ScriptedUpstream upstream([&](Peer& peer) {
                peer.read_head();
                std::this_thread::sleep_for(5ms);  // it is waited for by then
                peer.send(std::string(kHead) + body);
            });
            ClientLoop loop;
            const auto response = loop.get(upstream.url());
            ASSERT_EQ(loop.status(*response, kNever).value(), 200);
            std::string came;
            for (;;) {
                const std::string bytes = loop.next(*response, kNever).value();
                if (bytes.empty()) break;
                came += bytes;
            }
            EXPECT_EQ(came, body) << size;
        }
    }
}

TEST_P(HttpClientFlow, WaitingForAnswersDoesNotSpin) {
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        peer.wait_for_end(5s);
    });
    ClientLoop loop;
    const auto response = loop.get(upstream.url());
    ASSERT_EQ(loop.status(*response).value(), 200);
    loop.context().restart();
    asio::steady_timer keep(loop.context(), within(300ms));
    keep.async_wait([](const boost::system::error_code&) {});
    int handlers = 0;
    const Deadline until = within(300ms);
    while (Clock::now() < until && loop.context().run_one_until(until) > 0) ++handlers;
    EXPECT_LT(handlers, 20);
}

/// The most memory that this process has ever had.
std::size_t peak_kilobytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return static_cast<std::size_t>(usage.ru_maxrss) / 1024;
#else
    return static_cast<std::size_t>(usage.ru_maxrss);
#endif
}

/// Bytes whose value tells their place, so that a lost or doubled piece shows.
std::string pattern(std::size_t from, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(((from + i) * 2654435761u) >> 24);
    return bytes;
}

struct Flood {
    static constexpr std::size_t kPiece = 64 * 1024;
    std::atomic<std::size_t> pushed = 0;
    std::promise<Clock::time_point> failed;  // when a write found the client gone
    ScriptedUpstream upstream;

    explicit Flood(std::size_t size, bool chunked)
        : upstream([this, size, chunked](Peer& peer) {
              peer.read_head();
              peer.send(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) +
                                      "\r\n\r\n");
              for (std::size_t at = 0; at < size; at += kPiece) {
                  const std::string piece = pattern(at, kPiece);
                  if (!peer.send(chunked ? "10000\r\n" + piece + "\r\n" : piece)) {
                      return failed.set_value(Clock::now());
                  }
                  pushed += kPiece;
              }
              if (chunked) peer.send("0\r\n\r\n");
          }) {}
};

void read_slowly(bool chunked) {
    constexpr std::size_t kSize = 100u << 20;
    Flood flood(kSize, chunked);
    ClientLoop loop;
    const auto response = loop.get(flood.upstream.url());
    ASSERT_EQ(loop.status(*response).value(), 200);
    loop.idle(300ms);
    const std::size_t pushed_unread = flood.pushed;
    EXPECT_LT(pushed_unread, 16u << 20) << "the kernel's buffers and ours are all that may fill";
    const std::size_t before = peak_kilobytes();
    std::size_t at = 0, largest = 0, most_ahead = 0, pieces = 0;
    for (;;) {
        const auto bytes = loop.next(*response);
        ASSERT_TRUE(bytes) << bytes.error().message;
        if (bytes->empty()) break;
        ASSERT_TRUE(*bytes == pattern(at, bytes->size())) << "at " << at;
        at += bytes->size();
        largest = std::max(largest, bytes->size());
        most_ahead = std::max<std::size_t>(most_ahead,
                                           flood.pushed - std::min<std::size_t>(flood.pushed, at));
        if (++pieces % 40 == 0) loop.idle(2ms);
    }
    const std::size_t grown = peak_kilobytes() - before;
    EXPECT_EQ(at, kSize);
    EXPECT_LE(largest, 256u * 1024);
    EXPECT_LT(most_ahead, 16u << 20);
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory for a while
    EXPECT_LT(grown, 24u << 10);
#endif
    std::printf(
        "  pushed before the first read %zu KB, most ahead %zu KB, largest piece %zu KB in %zu "
        "pieces, "
        "peak memory grew by %zu KB\n",
        pushed_unread >> 10, most_ahead >> 10, largest >> 10, pieces, grown);
}

TEST_P(HttpClientFlow, SlowReaderOf100MegabytesKeepsMemoryFlat) {
    read_slowly(false);
}
TEST_P(HttpClientFlow, SlowReaderOf100MegabytesInChunks) {
    read_slowly(true);
}

TEST_P(HttpClientFlow, CancelWhilePaused) {
    Flood flood(100u << 20, true);
    ClientLoop loop;
    auto response = loop.get(flood.upstream.url());
    ASSERT_EQ(loop.status(*response).value(), 200);
    loop.idle(100ms);
    const auto before = Clock::now();
    response.reset();
    const auto failed = flood.failed.get_future().get();
    EXPECT_LT(failed - before, 500ms);
    EXPECT_LT(flood.pushed, 16u << 20);
}

TEST_P(HttpClientFlow, BytesOfOneWakeUpComeTogether) {
    std::promise<void> go;
    ScriptedUpstream upstream([&](Peer& peer) {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        go.get_future().wait();
        std::string burst;
        for (int i = 0; i < 100; ++i) burst += "4\r\nabcd\r\n";
        peer.send(burst);
        peer.send("0\r\n\r\n");
    });
    ClientLoop loop;
    const auto response = loop.get(upstream.url());
    ASSERT_EQ(loop.status(*response).value(), 200);
    go.set_value();
    EXPECT_EQ(loop.next(*response).value().size(), 400u);
}

}  // namespace
}  // namespace ccr::net
