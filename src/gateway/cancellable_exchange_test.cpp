#include "gateway/cancellable_exchange.h"

#include <gtest/gtest.h>

#include "gateway/fake_exchange_fixture.h"

namespace ccr::gateway {
namespace {

TEST(CancellableExchange, WhoIsCalledOffHearsThatTheClientHasLeft) {
    FakeExchange whole;
    CancellableExchange one(whole), other(whole);
    int told = 0;
    one.when_gone([&told] { ++told; });
    one.cancel();
    one.cancel();
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(one.gone());
    EXPECT_FALSE(other.gone());
    one.when_gone([&told] { ++told; });
    EXPECT_EQ(told, 2) << "at once, because it has left already";
}

TEST(CancellableExchange, ARemovedCallbackIsNotCalled) {
    FakeExchange whole;
    CancellableExchange one(whole);
    bool told = false;
    one.when_gone([&told] { told = true; });
    one.when_gone({});
    one.cancel();
    one.when_gone({});
    EXPECT_FALSE(told);
}

TEST(CancellableExchange, TheClientOfBothIsOne) {
    FakeExchange whole;
    CancellableExchange one(whole);
    whole.is_gone = true;
    EXPECT_TRUE(one.gone());
    bool told = false;
    one.when_gone([&told] { told = true; });
    EXPECT_TRUE(told);
}

}  // namespace
}  // namespace ccr::gateway
