#include <gtest/gtest.h>

#include "plugin/host.h"

namespace ccr::plugin {
namespace {

TEST(Hosts, AHostIsSharedAsLongAsSomebodyHoldsIt) {
    Hosts hosts(1, std::make_shared<Roster>());
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

TEST(Hosts, OneThatIsSpentIsReplacedOnceForAll) {
    Hosts hosts(1, std::make_shared<Roster>());
    GrantSet narrow;
    narrow.key = "narrow";
    const auto spent = hosts.of(narrow);
    const auto fresh = hosts.instead_of(spent, narrow);
    EXPECT_NE(fresh, spent);
    EXPECT_EQ(hosts.instead_of(spent, narrow), fresh);
    EXPECT_EQ(hosts.of(narrow), fresh);
}

TEST(Hosts, AProcessMayEndAfterAllElse) {
    auto roster = std::make_shared<Roster>();
    const std::weak_ptr<Roster> told = roster;
    config::Scripts settings;
    settings.node = "/bin/cat";
    auto process = Hosts(1, std::move(roster)).of(GrantSet())->process(settings, GrantSet());
    ASSERT_TRUE(process) << process.error().message;
    EXPECT_FALSE(told.expired());
    process->reset();  // tells the roster of its end
    EXPECT_TRUE(told.expired());
}

}  // namespace
}  // namespace ccr::plugin
