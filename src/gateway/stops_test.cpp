#include "gateway/stops.h"

#include <gtest/gtest.h>

#include "gateway/fake_exchange_fixture.h"

namespace ccr::gateway {
namespace {

TEST(Stops, EndsWhatIsUnderWayOfOneSession) {
    net::asio::io_context context;
    Stops stops;
    FakeExchange one, other;
    StoppableExchange mine(one, &stops, context), theirs(other, &stops, context);
    mine.belongs_to("a");
    theirs.belongs_to("b");
    int called = 0;
    mine.when_gone([&called] { ++called; });
    theirs.when_gone([&called] { called += 10; });
    EXPECT_EQ(stops.stop("a"), 1u);
    EXPECT_FALSE(mine.gone());  // on its own thread, later
    context.run();
    EXPECT_TRUE(mine.gone());
    EXPECT_TRUE(mine.stopped());
    EXPECT_FALSE(theirs.gone());
    EXPECT_EQ(called, 1);
    mine.when_gone([&called] { ++called; });  // at once: it is over
    EXPECT_EQ(called, 2);
    EXPECT_EQ(mine.told(make_error(ErrorKind::client_gone, "left")).status, 400);
    EXPECT_EQ(theirs.told(make_error(ErrorKind::client_gone, "left")).kind, ErrorKind::client_gone);
}

TEST(Stops, KnowsNothingOfWhatIsOver) {
    net::asio::io_context context;
    Stops stops;
    FakeExchange client;
    {
        StoppableExchange over(client, &stops, context);
        over.belongs_to("a");
        EXPECT_EQ(stops.stop("a"), 1u);
    }
    EXPECT_EQ(stops.stop("a"), 0u);
    EXPECT_EQ(stops.stop(""), 0u);
    EXPECT_GT(context.run(), 0u);  // what was under way meets nobody
}

}  // namespace
}  // namespace ccr::gateway
