#include <gtest/gtest.h>

#include "plugin/host.h"

namespace ccr::plugin {
namespace {

TEST(Hosts, AHostIsSharedAsLongAsSomebodyHoldsIt) {
    Roster roster;
    Hosts hosts(1, roster);
    GrantSet narrow;
    narrow.key = "narrow";
    auto first = hosts.of(narrow);
    EXPECT_EQ(hosts.of(narrow), first);
    EXPECT_NE(hosts.of(GrantSet()), first);
    const std::weak_ptr<Host> gone = first;
    first.reset();
    EXPECT_TRUE(gone.expired());
    EXPECT_TRUE(hosts.of(narrow));
}

}  // namespace
}  // namespace ccr::plugin
