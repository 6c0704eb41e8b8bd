#include "plugin/spawn.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace ccr::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

SpawnWish shell(std::string script) {
    SpawnWish wish;
    wish.arguments = {"/bin/sh", "-c", std::move(script)};
    wish.environment = {"A=from us", "PATH=/usr/bin:/bin"};
    return wish;
}

/// What it printed until it ended.
std::string output_of(const Spawned& child) {
    std::string out;
    std::array<char, 4096> piece{};
    for (ssize_t got; (got = ::read(child.output, piece.data(), piece.size())) > 0;)
        out.append(piece.data(), static_cast<std::size_t>(got));
    ::waitpid(child.pid, nullptr, 0);
    ::close(child.output);
    for (const int lane : child.lanes) ::close(lane);
    return out;
}

TEST(Spawn, GivesTheTextTheEnvironmentAndNothingElse) {
    SpawnWish wish = shell("cat; echo \" $A ${HOME-none}\"; echo words >&2");
    wish.input = "text";
    const auto child = spawn(wish);
    ASSERT_TRUE(child) << child.error().message;
    EXPECT_EQ(output_of(*child), "text from us none\nwords\n");
}

// Where a system allows no namespaces, nothing runs and it is said what to do.
TEST(Spawn, WithoutNetworkThereIsNoInterfaceAndNoSocket) {
    SpawnWish wish = shell(
        "cat; cat /proc/net/dev; id -u; touch \"$(mktemp)\" && echo made; "
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX)' 2>&1 | tail -1");
    wish.input = "text\n";
    wish.has_network = false;
    wish.lanes = 2;
    const auto child = spawn(wish);
    if (!child) {
        EXPECT_THAT(child.error().message, HasSubstr("network: true"));
        return;
    }
    EXPECT_EQ(child->lanes.size(), 2u);
    const std::string said = output_of(*child);
    EXPECT_THAT(said, HasSubstr("text\n"));
    EXPECT_THAT(said, Not(HasSubstr("eth")));
    EXPECT_THAT(said, HasSubstr("\n" + std::to_string(::geteuid()) + "\n"));
    EXPECT_THAT(said, HasSubstr("made\n"));
    EXPECT_THAT(said, HasSubstr("PermissionError"));
}

TEST(Spawn, AProgramThatIsNotThereIsToldBothWays) {
    for (const bool has_network : {true, false}) {
        SpawnWish wish;
        wish.arguments = {"/nowhere/node"};
        wish.has_network = has_network;
        const auto child = spawn(wish);
        ASSERT_FALSE(child);
        EXPECT_THAT(child.error().message, HasSubstr("/nowhere/node cannot be started"));
    }
}

}  // namespace
}  // namespace ccr::plugin
