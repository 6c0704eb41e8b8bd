#include "doctor/examine_config.h"

#include <gtest/gtest.h>

#include "config/loader.h"

namespace ccr::doctor {
namespace {

config::Config parsed(const std::string& text) {
    const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
    auto config = config::parse_config(text, "c.json", nothing);
    EXPECT_TRUE(config);
    return std::move(*config);
}

constexpr const char* kGood =
    "{Providers: [{name: 'p', api_base_url: 'https://h.example/v1/chat/completions', api_key: "
    "'sk-1', models: ['m']}], Router: {default: 'p,m'}}";

TEST(ExamineConfig, AGoodOneIsWell) {
    const config::Config config = parsed(kGood);
    const Findings found = examine_config({"c.json", true, true, 0600, &config, ""});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::good);
}

TEST(ExamineConfig, ALibraryThatIsMissingIsAFailure) {
    const config::Config config = parsed(kGood);
    ConfigFacts facts{"c.json", true, true, 0600, &config, ""};
    facts.library_error = "The library l.so cannot be used: no file. It is needed; install it.";
    const Findings found = examine_config(facts);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::failure);
    EXPECT_EQ(found[0].check, "library-missing");
    EXPECT_EQ(found[0].what, "The library l.so cannot be used: no file. It is needed");
    EXPECT_EQ(found[0].remedy, "install it");
}

TEST(ExamineConfig, OthersMayNotReadKeys) {
    const config::Config config = parsed(kGood);
    ConfigFacts facts{"c.json", true, true, 0644, &config, ""};
    ASSERT_EQ(examine_config(facts).size(), 1u);
    EXPECT_EQ(examine_config(facts)[0].check, "readable-by-others");
    EXPECT_EQ(examine_config(facts)[0].remedy, "chmod 600 c.json");
    facts.holds_keys = false;
    EXPECT_EQ(examine_config(facts)[0].check, "readable");
}

TEST(ExamineConfig, FindingsKeepTheirPlaceAndPartFromTheirRemedy) {
    const config::Config config = parsed("{Providers: [],\n Routr: {}}");
    const Findings found = examine_config({"c.json", true, false, 0600, &config, ""});
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].place, "c.json:2:2");
    EXPECT_EQ(found[0].check, "unknown-key");
    EXPECT_EQ(found[0].severity, Severity::warning);
    EXPECT_EQ(found[0].remedy, "did you mean Router?");
    EXPECT_EQ(found[1].check, "demo");
}

TEST(ExamineConfig, AVariableThatTheServiceHasIsMissingHereOnly) {
    const config::Config config = parsed(
        "{Providers: [{name: 'p', api_base_url: 'https://h.example/v1/chat/completions', api_key: "
        "'$NOT_HERE', models: ['m']}], Router: {default: 'p,m'}}");
    const auto unresolved = [&](std::vector<std::string> usable) {
        ConfigFacts facts{"c.json", true, false, 0600, &config, ""};
        facts.usable_there = std::move(usable);
        std::vector<Finding> found = examine_config(facts);
        std::erase_if(found, [](const Finding& f) { return f.check != "unresolved-variable"; });
        return found;
    };
    ASSERT_EQ(unresolved({}).size(), 1u);
    EXPECT_EQ(unresolved({})[0].severity, Severity::failure);
    EXPECT_EQ(unresolved({"p"})[0].severity, Severity::warning);
    EXPECT_NE(unresolved({"p"})[0].what.find("the running service has it"), std::string::npos);
}

TEST(ExamineConfig, WhatCannotBeReadFailsAtItsPlace) {
    const Findings found = examine_config(
        {"/h/c.json", true, false, 0600, nullptr, "/h/c.json:3:7: found x; write y"});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::failure);
    EXPECT_EQ(found[0].place, "/h/c.json:3:7");
    EXPECT_EQ(found[0].what, "found x");
    EXPECT_EQ(found[0].remedy, "write y");
    EXPECT_EQ(split_message("no mark", "otherwise").second, "otherwise");
}

}  // namespace
}  // namespace ccr::doctor
