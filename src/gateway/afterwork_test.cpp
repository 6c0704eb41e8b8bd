#include "gateway/afterwork.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <stdexcept>
#include <string>

namespace ccr::gateway {
namespace {

class AfterworkTest : public testing::Test {
  protected:
    void leave(const std::string& name) {
        afterwork_.leave([this, name] { done_ += name; });
    }

    net::asio::io_context loop_;
    std::string done_;
    Afterwork afterwork_{loop_};
};

TEST_F(AfterworkTest, IsDoneInOrder) {
    leave("a");
    leave("b");
    EXPECT_EQ(done_, "");
    loop_.run();
    EXPECT_EQ(done_, "ab");
}

TEST(Afterwork, WhatIsAtHandGoesFirst) {
    net::asio::io_context loop;
    std::string done;
    Afterwork afterwork(loop, std::chrono::milliseconds(50));
    afterwork.leave([&] { done += "a"; });
    for (const char* name : {"request, ", "answer, "}) {
        net::asio::post(loop, [&, name] { net::asio::post(loop, [&, name] { done += name; }); });
    }
    loop.run();
    EXPECT_EQ(done, "request, answer, a");
}

TEST_F(AfterworkTest, WorkMayLeaveWork) {
    afterwork_.leave([this] {
        done_ += "a";
        leave("b");
    });
    leave("c");
    loop_.run();
    EXPECT_EQ(done_, "acb");
}

TEST_F(AfterworkTest, WhatFailsKeepsNothingElseFromBeingDone) {
    afterwork_.leave([] { throw std::runtime_error("no room"); });
    leave("a");
    loop_.run();
    EXPECT_EQ(done_, "a");
}

TEST(Afterwork, IsDoneAtTheLatestWhenItEnds) {
    net::asio::io_context loop;
    std::string done;
    {
        Afterwork afterwork(loop);
        afterwork.leave([&] {
            done += "a";
            afterwork.leave([&] { done += "b"; });
        });
    }
    EXPECT_EQ(done, "ab");
    loop.run();
    EXPECT_EQ(done, "ab");
}

}  // namespace
}  // namespace ccr::gateway
