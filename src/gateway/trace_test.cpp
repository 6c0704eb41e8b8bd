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
};

TEST_F(TraceTest, IsToldAtOnceWithoutALoop) {
    Trace trace(bus_, "1");
    trace.routed({}, {}, 0);
    trace.attempted("p,m", "verbatim", {});
    EXPECT_EQ(told_, (Names{"routed", "attempted"}));
}

TEST_F(TraceTest, WhatWasGatheredIsToldSoon) {
    Trace trace(bus_, "1");
    trace.tell_soon(loop_.get_executor());
    trace.routed({}, {}, 0);
    trace.attempted("p,m", "verbatim", {});
    EXPECT_EQ(told_, Names{});
    loop_.run();
    EXPECT_EQ(told_, (Names{"routed", "attempted"}));
    trace.attempted("p,n", "verbatim", {});
    EXPECT_EQ(told_, (Names{"routed", "attempted", "attempted"})) << "not gathered any more";
}

TEST_F(TraceTest, WhatComesFirstTellsItBefore) {
    Trace trace(bus_, "1");
    trace.tell_soon(loop_.get_executor());
    trace.routed({}, {}, 0);
    trace.first_content();
    EXPECT_EQ(told_, (Names{"routed", "began"}));
    loop_.run();
    EXPECT_EQ(told_, (Names{"routed", "began"})) << "once";
}

TEST_F(TraceTest, ARequestThatEndsBeforeIsToldWhole) {
    {
        Trace trace(bus_, "1");
        trace.tell_soon(loop_.get_executor());
        trace.routed({}, {}, 0);
    }
    EXPECT_EQ(told_, (Names{"routed", "settled"}));
    loop_.run();
    EXPECT_EQ(told_, (Names{"routed", "settled"}));
}

}  // namespace
}  // namespace ccr::gateway
