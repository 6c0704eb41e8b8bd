#include <gmock/gmock.h>

#include <fstream>

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
    EXPECT_TRUE(parsed("{scripts: {on_failure: 'skip'}}").scripts.skip_failed);
    EXPECT_FALSE(config.scripts.skip_failed);
    EXPECT_THAT(found(parsed("{scripts: {on_failure: 'go'}}"), "invalid-value").message,
                HasSubstr("\"fail\" or \"skip\""));
    EXPECT_THAT(found(parsed("{scripts: []}"), "wrong-type").message, HasSubstr("an object"));
}

TEST(ReadScripts, PermissionsAreEverythingUnlessTheyAreNarrowed) {
    const Config open = parsed("{transformers: ['/x/a.js'], CUSTOM_ROUTER_PATH: '/x/r.js'}");
    EXPECT_TRUE(open.scripts.transformers[0].permissions.everything);
    EXPECT_TRUE(open.scripts.router_permissions.everything);
    EXPECT_THAT(found(open, "script-unrestricted").message, HasSubstr("r.js, a.js may use all"));
    const fixture::Variables home{{"HOME", "/home/u"}};
    const Config narrow = parsed(
        "{transformers: [{path: '/x/a.js', permissions: {env: ['B', 'A', 'B'], files: ['~/d/', "
        "'/e']}}, '/x/b.js'], CUSTOM_ROUTER_PATH: '/x/r.js', scripts: {permissions: {network: "
        "true, files: true}, router_permissions: {}}}",
        home);
    const Permissions& a = narrow.scripts.transformers[0].permissions;
    EXPECT_THAT(a.env, testing::ElementsAre("A", "B"));
    EXPECT_THAT(a.files, testing::ElementsAre("/e", "/home/u/d"));
    EXPECT_FALSE(a.everything || a.network || a.processes || a.all_env || a.all_files);
    const Permissions& b = narrow.scripts.transformers[1].permissions;
    EXPECT_TRUE(b.network && b.all_files);
    EXPECT_FALSE(b.everything || b.processes || b.all_env);
    EXPECT_FALSE(narrow.scripts.router_permissions.everything ||
                 narrow.scripts.router_permissions.network);
    EXPECT_FALSE(fixture::has(narrow, "script-unrestricted"));
}

TEST(ReadScripts, AScriptThatRegistersABuiltInsNameIsUsedInItsPlace) {
    const std::string file = testing::TempDir() + "ccr-takes-a-name.js";
    const auto first_use = [&file](std::string_view script) {
        std::ofstream(file) << script;
        return fixture::parsed("{transformers: ['" + file +
                               "'], Providers: [{name: 'p', api_base_url: "
                               "'http://h/v1/chat/completions', api_key: 'k', models: ['m'], "
                               "transformer: {use: ['openrouter', 'maxtoken']}}]}");
    };
    for (const std::string_view script :
         {"class T { name = \"openrouter\"; }", "module.exports = { name: 'openrouter' };",
          "static TransformerName = `openrouter`", "this.name='openrouter'",
          "({\"name\": \"openrouter\"})"}) {
        const Config config = first_use(script);
        EXPECT_TRUE(config.providers[0].use[0].is_script) << script;
        EXPECT_FALSE(config.providers[0].use[1].is_script) << script;
        EXPECT_THAT(found(config, "transformer-replaced").message, HasSubstr("openrouter"));
    }
    for (const std::string_view script :
         {"const filename = 'openrouter'", "// like 'openrouter'", "openrouter", "'openrouter'",
          "='openrouter'", "name === other, 'openrouter'"}) {
        const Config config = first_use(script);
        EXPECT_FALSE(config.providers[0].use[0].is_script) << script;
        EXPECT_FALSE(fixture::has(config, "transformer-replaced")) << script;
    }
}

TEST(ReadScripts, PermissionsThatAreNotUnderstoodGrantNothing) {
    const Config config = parsed(
        "{transformers: [{path: '/x/a.js', permissions: 'all'}, {path: '/x/b.js', permissions: "
        "{network: 'yes', env: 'HOME', file: []}}]}");
    for (const ScriptFile& script : config.scripts.transformers) {
        EXPECT_FALSE(script.permissions.everything || script.permissions.network);
        EXPECT_TRUE(script.permissions.env.empty());
    }
    EXPECT_THAT(found(config, "wrong-type").message, HasSubstr("it grants nothing"));
    EXPECT_THAT(found(config, "unknown-key").message, HasSubstr("files"));
}

}  // namespace
}  // namespace ccr::config
