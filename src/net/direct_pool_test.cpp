#include "net/direct_pool.h"

#include <gtest/gtest.h>

namespace ccr::net {
namespace {

using asio::ip::tcp;

/// A pool with one idle connection to an upstream of the test's own.
class DirectPoolTest : public testing::Test {
  protected:
    DirectPoolTest() {
        tcp::acceptor acceptor(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        DirectSocket ours(context_);
        ours.connect(acceptor.local_endpoint());
        upstream_ = acceptor.accept();
        pool_->keep("here", std::move(ours));
    }

    void run() {
        context_.restart();  // it stops whenever there is nothing to wait for
        context_.run_for(2 * DirectPool::kRestTime);
    }

    asio::io_context context_;
    std::shared_ptr<DirectPool> pool_ = std::make_shared<DirectPool>(context_);
    std::optional<tcp::socket> upstream_;
};

TEST_F(DirectPoolTest, AConnectionThatTheUpstreamEndsIsClosedSoon) {
    run();
    upstream_->close();
    run();
    EXPECT_FALSE(pool_->drop_idle());
}

TEST_F(DirectPoolTest, SoIsOneWhoseUpstreamSpeaksUnasked) {
    upstream_->send(asio::buffer("HTTP/1.1 408 Request Timeout", 28));
    run();
    EXPECT_FALSE(pool_->drop_idle());
}

TEST_F(DirectPoolTest, OneThatIsTakenIsWatchedNoMore) {
    run();
    auto taken = pool_->take("here");
    ASSERT_TRUE(taken);
    run();
    EXPECT_TRUE(context_.stopped()) << "something still waits for the connection";
    upstream_->send(asio::buffer("answer", 6));
    run();
    EXPECT_EQ(taken->available(), 6u);
    pool_->keep("here", std::move(*taken));
    EXPECT_FALSE(pool_->take("here")) << "it has bytes that nobody asked for";
}

TEST_F(DirectPoolTest, AWaitKeepsNoPoolAlive) {
    const std::weak_ptr<DirectPool> weak = pool_;
    pool_.reset();
    EXPECT_TRUE(weak.expired());
    run();
}

}  // namespace
}  // namespace ccr::net
