#include "manifest/code_of.h"

#include <gtest/gtest.h>

#include <fstream>

#include "config/temporary_directory_fixture.h"

namespace ccr::manifest {
namespace {

TEST(CodeOf, X15EverythingThatIsRunIsTold) {
    const config::fixture::TemporaryDirectory directory;
    std::ofstream(directory.path() / "shop.js") << "abc";
    const auto manifest = parse_manifest(
        R"({transformers: [{path: "shop.js"}, {path: "/elsewhere/x.js"}, {path: "shop.js"}],
            StatusLine: {default: {modules: [{type: "script", scriptPath: "line.js"}, {type: "model"}]}},
            Providers: [{name: "p", api_key_command: "pass show p"},
                        {name: "q", api_keys: [{command: "pass show q"}, {key: "k"}]}],
            template: {CUSTOM_ROUTER_PATH: "router.js"}})",
        directory.path().string());
    ASSERT_TRUE(manifest);
    std::vector<std::string> told;
    for (const Code& code : code_of(*manifest))
        told.push_back(code.what + ": " + code.file + code.command);
    EXPECT_EQ(told, (std::vector<std::string>{
                        "transformer: shop.js", "transformer: /elsewhere/x.js",
                        "status line script: line.js", "command for a key: pass show p",
                        "command for a key: pass show q", "custom router: router.js"}));
    EXPECT_EQ(code_of(*manifest)[0].checksum,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(code_of(*manifest)[2].checksum, "");
}

TEST(CodeOf, APresetOfDataHasNone) {
    const auto manifest =
        parse_manifest(R"({Providers: [{name: "p", api_key: "$P"}]})", "/presets/p");
    EXPECT_TRUE(code_of(*manifest).empty());
}

}  // namespace
}  // namespace ccr::manifest
