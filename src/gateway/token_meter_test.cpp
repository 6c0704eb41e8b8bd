#include "gateway/token_meter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

class TokenMeterTest : public testing::Test {
  protected:
    TokenMeterTest() {
        bus_.subscribe([this](const event::Event& event) {
            if (const auto* written = std::get_if<event::Written>(&event))
                told_.push_back(*written);
        });
    }

    event::Bus bus_;
    Trace trace_{bus_, nullptr, "req_1"};
    config::Provider provider_;
    std::vector<event::Written> told_;
};

TEST_F(TokenMeterTest, WhatWasNotToldYetIsToldAtTheEnd) {
    {
        TokenMeter meter(trace_);
        meter.counts_as(provider_, "gpt-4o");
        meter.take(" hello hello");
        meter.take("");
        meter.take(" hello");
        EXPECT_TRUE(told_.empty());  // within the first second
    }
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_EQ(told_[0].request, "req_1");
    EXPECT_EQ(told_[0].tokens, 3);
    EXPECT_TRUE(told_[0].ended);
}

TEST_F(TokenMeterTest, AnotherTargetGoesOnWithTheCount) {
    {
        TokenMeter meter(trace_);
        meter.counts_as(provider_, "gpt-4o");
        meter.take(" hello hello");
        meter.counts_as(provider_, "gpt-4");
        meter.take(" hello");
    }
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_EQ(told_[0].tokens, 3);
}

TEST_F(TokenMeterTest, WithoutContentNothingIsTold) {
    {
        TokenMeter meter(trace_);
        meter.counts_as(provider_, "m");
        meter.take("");
    }
    EXPECT_TRUE(told_.empty());
}

TEST(AppendTold, TextThoughtsAndArgumentsDecoded) {
    std::string out;
    const auto delta = [&out](chat::DeltaKind kind, std::string_view escaped) {
        append_told(chat::Delta{kind, json::Text::from_escaped(escaped), {}}, out);
    };
    delta(chat::DeltaKind::text, "a\\n");
    delta(chat::DeltaKind::reasoning, "b");
    delta(chat::DeltaKind::seal, "c2VhbA==");
    delta(chat::DeltaKind::arguments, "{\\\"c\\\":1}");
    append_told(chat::Ping{}, out);
    EXPECT_EQ(out, "a\nb{\"c\":1}");
}

}  // namespace
}  // namespace ccr::gateway
