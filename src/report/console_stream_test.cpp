#include "report/console_stream.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace ccr::report {
namespace {

using namespace std::chrono_literals;
using net::Descriptor;
using testing::StartsWith;

constexpr std::size_t kLong = 1 << 20;  // more than pipes, terminals and sockets hold

struct Ends {
    Descriptor writer, reader;
};

Ends pipe_ends() {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    return {Descriptor(ends[1]), Descriptor(ends[0])};
}

Ends socket_ends() {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {Descriptor(ends[1]), Descriptor(ends[0])};
}

Ends terminal_ends() {
    Descriptor reader(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_EQ(::grantpt(reader.get()), 0);
    EXPECT_EQ(::unlockpt(reader.get()), 0);
    const char* const name = ::ptsname(reader.get());
    EXPECT_NE(name, nullptr);
    return {Descriptor(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)), std::move(reader)};
}

/// What comes until nothing has come for a moment, or `most` bytes.
std::string read_from(const Descriptor& reader, std::size_t most = 10 * kLong) {
    std::string out;
    std::array<char, 65536> chunk{};
    pollfd ready{reader.get(), POLLIN, 0};
    while (out.size() < most && ::poll(&ready, 1, 300) == 1) {
        const ssize_t got = ::read(reader.get(), chunk.data(), chunk.size());
        if (got <= 0) break;
        out.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return out;
}

/// Puts what nobody reads, from a thread, since a wait would be one for ever.
bool returns_unread(ConsoleStream& stream, const Ends& ends) {
    std::atomic<bool> returned = false;
    std::thread writer([&] {
        for (int i = 0; i < 3; ++i) stream.put(std::string(kLong, 'x') + "\n");
        returned = true;
    });
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!returned && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(5ms);
    const bool in_time = returned;
    while (!returned) read_from(ends.reader);
    writer.join();
    return in_time;
}

TEST(ConsoleStream, WaitsForNoReaderWhateverItsKind) {
    for (Ends (*make)() : {pipe_ends, socket_ends, terminal_ends}) {
        const Ends ends = make();
        const int flags = ::fcntl(ends.writer.get(), F_GETFL);
        ConsoleStream stream(ends.writer.get());
        EXPECT_TRUE(returns_unread(stream, ends));
        EXPECT_EQ(::fcntl(ends.writer.get(), F_GETFL), flags) << "shared with other processes";
    }
}

TEST(ConsoleStream, WhatWasBegunIsEndedBeforeTheNext) {
    const Ends ends = pipe_ends();
    ConsoleStream stream(ends.writer.get());
    stream.put(std::string(100'000, 'a') + "\n");
    stream.put("dropped\n");
    std::string all = read_from(ends.reader);
    stream.put("next\n");
    all += read_from(ends.reader);
    EXPECT_EQ(all, std::string(100'000, 'a') + "\nnext\n");
}

TEST(ConsoleStream, WhereItCannotBeOpenedAnewAThreadWaitsThatNobodyWaitsFor) {
    const Ends ends = pipe_ends();
    {
        ConsoleStream stream(ends.writer.get(), [](int) { return Descriptor(); });
        EXPECT_TRUE(returns_unread(stream, ends));
    }
    EXPECT_THAT(read_from(ends.reader), StartsWith("xxx"));
}

TEST(ConsoleStream, AReaderThatIsGoneIsNoTrouble) {
    Ends ends = socket_ends();
    ConsoleStream stream(ends.writer.get());
    ends.reader = Descriptor();
    stream.put("a\n");
    stream.put("b\n");
}

}  // namespace
}  // namespace ccr::report
