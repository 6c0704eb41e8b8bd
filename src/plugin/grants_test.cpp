#include "plugin/grants.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ccr::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

config::Permissions narrow() {
    config::Permissions out;
    out.everything = false;
    return out;
}

config::Config with(std::vector<config::ScriptFile> scripts) {
    config::Config config;
    config.file = "/none/ccr/config.json";
    config.scripts.transformers = std::move(scripts);
    return config;
}

TEST(Grants, ScriptsWithTheSamePermissionsShareAHost) {
    config::Permissions online = narrow();
    online.network = true;
    config::Config config = with({{"/none/a/a.js", "", narrow()},
                                  {"/none/b.js", "", online},
                                  {"/none/c/c.js", "", narrow()},
                                  {"/none/d.js", "", {}}});
    config.scripts.custom_router = "/none/r/r.js";
    config.scripts.router_permissions = online;
    const auto sets = grant_sets(config);
    ASSERT_EQ(sets.size(), 3u);
    EXPECT_TRUE(sets[0].has_router);
    EXPECT_THAT(sets[0].transformers, ElementsAre(&config.scripts.transformers[1]));
    EXPECT_THAT(sets[1].reads, ElementsAre("/none/a", "/none/c"));
    EXPECT_EQ(sets[2].key, "");
    EXPECT_NE(sets[0].key, sets[1].key);
    EXPECT_TRUE(sets[2].reads.empty());
    EXPECT_TRUE(grant_sets(with({})).empty());
}

TEST(Grants, BesideTheConfigurationOnlyTheFileItselfIsRead) {
    const auto sets = grant_sets(with({{"/none/ccr/a.js", "", narrow()}}));
    EXPECT_THAT(sets[0].reads, ElementsAre("/none/ccr/a.js", "/none/ccr/node_modules"));
}

// ccr's own folder is below HOME.
class GrantsAtHome : public testing::Test {
  protected:
    GrantsAtHome() { ::setenv("HOME", "/none", 1); }
    ~GrantsAtHome() override { ::setenv("HOME", was_.c_str(), 1); }
    static std::vector<std::string> reads(const std::string& file) {
        config::Config config = with({{file, "", narrow()}});
        config.file = "/none/.claude-code-router/presets/team/manifest.json";
        return grant_sets(config)[0].reads;
    }

  private:
    const std::string was_ = std::getenv("HOME") ? std::getenv("HOME") : "";
};

TEST_F(GrantsAtHome, NoFolderIsReadThatLeadsToKeysOrIsAmongCcrsOwn) {
    for (const std::string folder :
         {"/none/.claude-code-router", "/none", "/none/.claude-code-router/presets/team",
          "/none/.claude-code-router/presets/other", "/none/.claude-code-router/run"})
        EXPECT_THAT(reads(folder + "/a.js"),
                    ElementsAre(folder + "/a.js", folder + "/node_modules"));
    for (const std::string folder :
         {"/none/.claude-code-router/plugins", "/none/.claude-code-router/plugins/team",
          "/none/.claude-code-routers", "/none/scripts", "/other"})
        EXPECT_THAT(reads(folder + "/a.js"), ElementsAre(folder));
}

TEST(Grants, WhatIsInAPathMakesNoOtherSetOfIt) {
    config::Permissions one = narrow(), other = narrow();
    one.files = {"/a,/b"};
    other.files = {"/a", "/b"};
    const auto sets = grant_sets(with({{"/x/a.js", "", one}, {"/x/b.js", "", other}}));
    ASSERT_EQ(sets.size(), 2u);
    EXPECT_NE(sets[0].key, sets[1].key);
}

TEST(Grants, ArgumentsFollowWhatTheProgramHas) {
    GrantSet set;
    set.permissions = narrow();
    set.permissions.files = {"/none/data"};
    set.permissions.network = true;
    set.reads = {"/none/a"};
    const auto old = permission_arguments(set, "--experimental-permission --allow-fs-read");
    ASSERT_TRUE(old);
    EXPECT_THAT(*old, ElementsAre("--experimental-permission", "--allow-fs-read=/none/a",
                                  "--allow-fs-read=/none/data", "--allow-fs-write=/none/data"));
    const std::string flags =
        "--permission --allow-net --allow-child-process --allow-worker --disable-warning";
    auto fresh = permission_arguments(set, flags);
    EXPECT_THAT(*fresh, Contains("--permission"));
    EXPECT_THAT(*fresh, Contains("--allow-net"));
    EXPECT_THAT(*fresh, Not(Contains("--allow-child-process")));
    set.permissions.network = false;
    set.permissions.processes = set.permissions.all_files = true;
    EXPECT_FALSE(wants_permission_model(set.permissions));
    fresh = permission_arguments(set, flags);
    EXPECT_THAT(*fresh, Not(Contains("--allow-net")));
    EXPECT_THAT(*fresh, Contains("--allow-child-process"));
    EXPECT_THAT(*fresh, Contains("--allow-fs-read=*"));
    EXPECT_THAT(permission_arguments(set, "").error().message, HasSubstr("Node 20"));
}

TEST(Grants, TheEnvironmentHasWhatIsGrantedAndWhatProgramsNeed) {
    std::array<std::string, 4> texts{"PATH=/bin", "A=1", "AB=2", "B=3"};
    std::array<char*, 5> all{texts[0].data(), texts[1].data(), texts[2].data(), texts[3].data(),
                             nullptr};
    config::Permissions may = narrow();
    may.env = {"A"};
    EXPECT_THAT(environment_for(may, all.data()), ElementsAre("PATH=/bin", "A=1"));
    EXPECT_EQ(environment_for({}, all.data()).size(), 4u);
}

}  // namespace
}  // namespace ccr::plugin
