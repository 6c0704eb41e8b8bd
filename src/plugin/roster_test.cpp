#include "plugin/roster.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace ccr::plugin {
namespace {

using Model = nlohmann::json;

constexpr const char* kLoaded =
    R"({"scripts":[{"kind":"transformer","file":"/x/team.js","name":"team","sha256":"ab","loaded":5,)"
    R"("has":["transformRequestIn","auth"],"problem":"","hooks":{}}]})";
constexpr const char* kCalled =
    R"({"scripts":[{"kind":"transformer","file":"/x/team.js","name":"team","hooks":)"
    R"({"transformRequestIn":{"calls":3,"failures":1,"us":[1000,3000,5000],"total_us":9000,)"
    R"("failure":"TypeError: no luck"},"not a hook\"":{"calls":1}}}]})";

config::Config with_team() {
    config::Config config;
    config.scripts.transformers.push_back({"/x/team.js", "", {}});
    return config;
}

Model told(const Roster* roster) {
    return Model::parse(plugins_json(with_team(), roster));
}

TEST(Roster, CallsFailuresAndTimesAddUp) {
    Roster roster;
    roster.hear(kLoaded, 7);
    roster.hear(kCalled, 7);
    roster.hear(kCalled, 7);
    const Model answer = told(&roster);
    ASSERT_EQ(answer["plugins"].size(), 1u) << answer;
    const Model& team = answer["plugins"][0];
    EXPECT_EQ(team["name"], "team");
    EXPECT_EQ(team["host"], 7);
    EXPECT_EQ(team["calls"], 6);
    EXPECT_EQ(team["failures"], 2);
    EXPECT_EQ(team["total_ms"], 18.0);
    EXPECT_EQ(team["mean_ms"], 3.0);
    EXPECT_EQ(team["hooks"]["transformRequestIn"]["p50_ms"], 3.0);
    EXPECT_TRUE(team["hooks"].contains("auth"));
    EXPECT_EQ(team["hooks"].size(), 2u);
    EXPECT_EQ(team["last_failure"]["message"], "TypeError: no luck");
    roster.ended(7);
    EXPECT_EQ(told(&roster)["plugins"][0]["loaded"], false);
}

TEST(Roster, WhatHangsBeforeItIsKnownIsListedToo) {
    Roster roster;
    roster.failed("mine", "transformRequestIn", "it did not answer within 300 ms");
    const Model answer = told(&roster);
    ASSERT_EQ(answer["plugins"].size(), 2u) << answer;
    EXPECT_EQ(answer["plugins"][0]["loaded"], false);
    EXPECT_EQ(answer["plugins"][1]["name"], "mine");
    EXPECT_EQ(answer["plugins"][1]["failures"], 1);
}

TEST(Roster, AProblemIsOfItsFileUntilItLoads) {
    Roster roster;
    roster.hear(R"({"scripts":[{"kind":"transformer","file":"/x/team.js","name":"","hooks":{},)"
                R"("problem":"SyntaxError"}]})",
                7);
    EXPECT_EQ(told(&roster)["plugins"][0]["problem"], "SyntaxError");
    roster.hear(kLoaded, 7);
    const Model answer = told(&roster);
    ASSERT_EQ(answer["plugins"].size(), 1u) << answer;
    EXPECT_FALSE(answer["plugins"][0].contains("problem"));
    roster.hear("no JSON", 7);
    EXPECT_EQ(told(&roster), answer);
}

TEST(Roster, WithoutAServiceFilesAreHashedAsTheyAre) {
    const std::string file = testing::TempDir() + "ccr-roster.js";
    std::ofstream(file) << "abc";
    config::Config config;
    config.scripts.custom_router = file;
    const Model answer = Model::parse(plugins_json(config, nullptr));
    EXPECT_EQ(answer["running"], false);
    // FIPS 180-2, appendix B.1
    EXPECT_EQ(answer["plugins"][0]["sha256"],
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(answer["plugins"][0]["kind"], "router");
}

}  // namespace
}  // namespace ccr::plugin
