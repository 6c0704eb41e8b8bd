#include "gateway/trace.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ccr::gateway {
namespace {

class TraceTest : public testing::Test {
  protected:
    TraceTest() {
        bus_.subscribe([this](const event::Event& event) {
            constexpr const char* kNames[] = {"routed", "attempted", "hedged",
                                              "began",  "written",   "settled"};
            told_.emplace_back(kNames[event.index()]);
        });
    }
    using Names = std::vector<std::string>;

    event::Bus bus_;
    Names told_;
    net::asio::io_context loop_;
    Afterwork afterwork_{loop_};
};

TEST_F(TraceTest, IsToldAtOnceWithoutAfterwork) {
    {
        Trace trace(bus_, nullptr, "1");
        trace.routed({}, {}, 0);
        trace.attempted("p,m", "verbatim", {});
        EXPECT_EQ(told_, (Names{"routed", "attempted"}));
    }
    EXPECT_EQ(told_, (Names{"routed", "attempted", "settled"}));
}

TEST_F(TraceTest, IsToldInOrderWhenNobodyWaits) {
    {
        Trace trace(bus_, &afterwork_, "1");
        trace.routed({}, {}, 0);
        trace.attempted("p,m", "verbatim", {});
        trace.first_content();
    }
    EXPECT_EQ(told_, Names{});
    loop_.run();
    EXPECT_EQ(told_, (Names{"routed", "attempted", "began", "settled"}));
}

TEST_F(TraceTest, NothingIsLostWithTheLoop) {
    {
        Afterwork afterwork(loop_);
        const Trace trace(bus_, &afterwork, "1");
    }
    EXPECT_EQ(told_, Names{"settled"}) << "a service that ends";
    loop_.run();
    EXPECT_EQ(told_, Names{"settled"}) << "once";
}

}  // namespace
}  // namespace ccr::gateway
