// What leads a client past ccr, and what does not.
#include "doctor/examine_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ccr::doctor {
namespace {

using testing::HasSubstr;
using testing::Not;

class ExamineEnvironment : public testing::Test {
  protected:
    ExamineEnvironment() {
        facts_.host = "127.0.0.1";
        facts_.port = 3456;
        facts_.environment = [this](std::string_view name) -> std::optional<std::string> {
            const auto found = variables_.find(std::string(name));
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
    }
    // "check/severity" of each finding.
    std::string checks() const {
        std::string out;
        for (const Finding& finding : examine_environment(facts_)) {
            EXPECT_EQ(finding.remedy.empty(), finding.severity == Severity::good) << finding.check;
            out += (out.empty() ? "" : " ") + finding.check;
            if (finding.severity == Severity::failure) out += "!";
        }
        return out;
    }

    std::map<std::string, std::string> variables_;
    EnvironmentFacts facts_;
};

TEST_F(ExamineEnvironment, WhatCcrItselfSetsIsWell) {
    EXPECT_EQ(checks(), "environment");
    variables_ = {{"ANTHROPIC_BASE_URL", "http://localhost:3456"},
                  {"ANTHROPIC_AUTH_TOKEN", "test"},
                  {"HTTP_PROXY", "http://proxy:3128"},
                  {"no_proxy", "corp, 127.0.0.1"}};
    EXPECT_EQ(checks(), "environment");
    EXPECT_TRUE(leads_to_ccr(facts_));
    facts_.key = "test";
    EXPECT_EQ(checks(), "environment");
}

TEST_F(ExamineEnvironment, CredentialsOfTheWrongKindOrValue) {
    variables_ = {{"ANTHROPIC_API_KEY", "a-secret"}, {"ANTHROPIC_AUTH_TOKEN", "b-secret"}};
    EXPECT_EQ(checks(), "both-credentials");
    facts_.key = "c-secret";
    EXPECT_EQ(checks(), "both-credentials");
    variables_["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:3456";
    EXPECT_EQ(checks(), "both-credentials wrong-client-key");
    variables_.erase("ANTHROPIC_API_KEY");
    facts_.key = "b-secret";
    EXPECT_EQ(checks(), "environment");
    for (const Finding& finding : examine_environment(facts_))
        EXPECT_THAT(finding.what + finding.remedy, Not(HasSubstr("secret")));
}

TEST_F(ExamineEnvironment, AddressesAndCloudsElsewhere) {
    variables_ = {{"ANTHROPIC_BASE_URL", "https://user:pass@relay.example/v1?key=k"}};
    EXPECT_EQ(checks(), "leads-elsewhere");
    EXPECT_THAT(examine_environment(facts_)[0].what, HasSubstr("https://relay.example/v1,"));
    variables_ = {{"ANTHROPIC_BASE_URL", "http://127.0.0.1:3457"}};
    EXPECT_EQ(checks(), "leads-elsewhere");
    facts_.port = 0;  // any port may be ours
    EXPECT_EQ(checks(), "environment");
    variables_ = {{"CLAUDE_CODE_USE_VERTEX", "1"}};
    EXPECT_EQ(checks(), "cloud-instead");
    for (const char* const off : {"0", "false", ""}) {
        variables_ = {{"CLAUDE_CODE_USE_BEDROCK", off}};
        EXPECT_EQ(checks(), "environment") << off;
    }
}

TEST_F(ExamineEnvironment, ProxiesBeforeThisMachine) {
    variables_ = {{"https_proxy", "proxy:3128"}, {"HTTP_PROXY", "http://proxy:3128"}};
    EXPECT_EQ(checks(), "proxy-without-no-proxy");  // once for all
    variables_["NO_PROXY"] = "*";
    EXPECT_EQ(checks(), "environment");
    variables_ = {{"ALL_PROXY", "http://localhost:3456"}};
    EXPECT_EQ(checks(), "self-proxy!");
    variables_ = {{"HTTP_PROXY", "http://proxy:3128"}, {"NO_PROXY", "corp 127.0.0.0/8"}};
    EXPECT_EQ(checks(), "environment");
    variables_["NO_PROXY"] = "badlocalhost,127.0.0.1:1";
    EXPECT_EQ(checks(), "proxy-without-no-proxy");
}

TEST_F(ExamineEnvironment, SettingsOfTheClient) {
    facts_.settings = {{"settings.json", false, false, {}, false}};
    auto& file = facts_.settings[0];
    file.variables = {{"ANTHROPIC_BASE_URL", "http://127.0.0.1:3456"},
                      {"ANTHROPIC_AUTH_TOKEN", "anything"},
                      {"OTHER", "x"}};
    EXPECT_EQ(checks(), "environment");
    facts_.key = "the-door's";
    EXPECT_EQ(checks(), "settings-override");
    file.variables = {{"CLAUDE_CODE_USE_BEDROCK", "1"}, {"HTTPS_PROXY", "http://p:1"}};
    EXPECT_EQ(checks(), "settings-override settings-override");
    file.variables.emplace_back("NO_PROXY", "127.0.0.1");
    EXPECT_EQ(checks(), "settings-override");
    file.variables = {{"CLAUDE_CODE_USE_VERTEX", "0"}, {"HTTPS_PROXY", "http://p:1"}};
    EXPECT_EQ(checks(), "settings-override");
    file.is_managed = true;
    EXPECT_EQ(checks(), "settings-override");
    file.variables = {{"ANTHROPIC_BASE_URL", "http://127.0.0.1:3456"}};
    EXPECT_TRUE(leads_to_ccr(facts_));
    file.variables = {{"ANTHROPIC_BASE_URL", "http://elsewhere.example"}};
    variables_["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:3456";
    EXPECT_FALSE(leads_to_ccr(facts_));
    variables_.clear();
    file = {"settings.json", false, false, {}, true};
    EXPECT_EQ(checks(), "key-helper");
    file.is_managed = true;
    EXPECT_EQ(checks(), "key-helper!");
    EXPECT_THAT(examine_environment(facts_)[0].remedy, HasSubstr("administrator"));
    file = {"settings.json", false, true, {}, false};
    EXPECT_EQ(checks(), "broken-settings");
}

TEST_F(ExamineEnvironment, AClientThatIsNotThere) {
    facts_.client = "claude";
    facts_.client_is_there = false;
    EXPECT_EQ(checks(), "client-missing");
}

}  // namespace
}  // namespace ccr::doctor
