#include <gmock/gmock.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::found;
using fixture::parsed;
using testing::HasSubstr;

TEST(ReadScripts, PathsCountFromTheHomeOrTheConfigurationsFolder) {
    const fixture::Variables home{{"HOME", "/home/u"}};
    EXPECT_EQ(parsed("{CUSTOM_ROUTER_PATH: '~/r.js'}", home).scripts.custom_router, "/home/u/r.js");
    EXPECT_EQ(parsed("{CUSTOM_ROUTER_PATH: '/a/../b/r.js'}").scripts.custom_router, "/b/r.js");
    const auto beside = parse_config("{CUSTOM_ROUTER_PATH: './r.js'}", "/etc/ccr/config.json",
                                     fixture::environment());
    EXPECT_EQ(beside->scripts.custom_router, "/etc/ccr/r.js");
    EXPECT_EQ(parsed("{CUSTOM_ROUTER_PATH: ' '}").scripts.custom_router, "");
}

TEST(ReadScripts, TheProgramIsThatOfTheFileBeforeThatOfTheEnvironment) {
    const fixture::Variables variables{{"NODE_PATH_BINARY", "/env/node"}};
    EXPECT_EQ(parsed("{NODE_PATH_BINARY: '/file/node'}", variables).scripts.node, "/file/node");
    EXPECT_EQ(parsed("{}", variables).scripts.node, "/env/node");
    EXPECT_EQ(parsed("{}").scripts.node, "");
}

TEST(ReadScripts, LimitsAndWhatIsNone) {
    const Config config = parsed("{scripts: {router_ms: 250, memory_mb: 128}}");
    EXPECT_EQ(config.scripts.router_time, std::chrono::milliseconds(250));
    EXPECT_EQ(config.scripts.memory_mb, 128u);
    const Config wrong = parsed("{scripts: {memory_mb: 1, routerms: 2}}");
    EXPECT_EQ(wrong.scripts.memory_mb, 1024u);
    EXPECT_THAT(found(wrong, "invalid-value").message, HasSubstr("from 32 to 65536"));
    EXPECT_THAT(found(wrong, "unknown-key").message, HasSubstr("router_ms"));
    EXPECT_THAT(found(parsed("{scripts: []}"), "wrong-type").message, HasSubstr("an object"));
}

}  // namespace
}  // namespace ccr::config
