#include "manifest/sanitize.h"

#include <gtest/gtest.h>

namespace ccr::manifest {
namespace {

Sanitized of(const char* text) {
    return sanitized(*config::parse_json5(text, "config.json")->root);
}

TEST(Sanitize, X2EachProviderHasAVariableOfItsOwn) {
    const Sanitized out = of(
        R"({Providers: [{name: "open-router", api_key: "one-secret"}, {name: "deepseek", api_key: "two-secret"}]})");
    EXPECT_EQ(
        out.configuration,
        Json::parse(R"({"Providers":[{"name":"open-router","api_key":"${OPEN_ROUTER_API_KEY}"},
                                                             {"name":"deepseek","api_key":"${DEEPSEEK_API_KEY}"}]})"));
    EXPECT_EQ(out.variables, (std::vector<std::string>{"OPEN_ROUTER_API_KEY", "DEEPSEEK_API_KEY"}));
}

TEST(Sanitize, EqualKeysShareAVariableAndOthersDoNot) {
    const Sanitized out =
        of(R"({Providers: [{name: "a", api_key: "same-secret"}, {name: "b", api_key: "same-secret"},
                                             {name: "a", api_key: "other-secret"}, {name: "c", api_keys: ["k-1", {key: "k-2", weight: 2}]}]})");
    const Json& providers = out.configuration["Providers"];
    EXPECT_EQ(providers[0]["api_key"], "${A_API_KEY}");
    EXPECT_EQ(providers[1]["api_key"], "${A_API_KEY}");
    EXPECT_EQ(providers[2]["api_key"], "${A_API_KEY_2}");
    EXPECT_EQ(providers[3]["api_keys"],
              Json::parse(R"(["${C_API_KEYS}",{"key":"${C_KEY}","weight":2}])"));
}

TEST(Sanitize, X6VariablesStayAndSecretsUnderOtherNamesGo) {
    const Sanitized out = of(R"({
        PROXY_URL: "http://user:pass-word@proxy.test:1",
        Providers: [{name: "p", api_key: "$P_API_KEY", api_base_url: "https://h.test/v1?key=abcdef-123456",
                     transformer: {use: [["custom", {headers: {Authorization: "Bearer abcdefghijkl", "x-team": "blue"},
                                                     note: "sk-ant-REDACTED"}]]}}]})");
    const std::string text = out.configuration.dump();
    for (const char* secret : {"pass-word", "abcdef-123456", "abcdefghijkl", "sk-ant-api03"})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret << " in " << text;
    EXPECT_EQ(out.configuration["Providers"][0]["api_key"], "$P_API_KEY");
    EXPECT_NE(text.find("blue"), std::string::npos);
    EXPECT_EQ(std::ranges::count(out.variables, "P_API_KEY"), 0);
}

TEST(Sanitize, AKeyIsFoundWhereNoNameTellsOfIt) {
    const Sanitized out = of(
        R"({Providers: [{name: "p", api_key: "opaque-value-1", api_base_url: "https://h.test/opaque-value-1/v1"}]})");
    EXPECT_EQ(out.configuration["Providers"][0]["api_base_url"], "https://h.test/${P_API_KEY}/v1");
}

TEST(Sanitize, CommandsAndFilesOfThisMachineBecomeAVariable) {
    const Sanitized out = of(R"({Providers: [{name: "p", api_key_command: "pass show p"}]})");
    EXPECT_EQ(out.configuration,
              Json::parse(R"({"Providers":[{"name":"p","api_key":"${P_API_KEY}"}]})"));
}

TEST(Sanitize, AKeyThatIsPartOfItsVariablesNameEnds) {
    const Sanitized out = of(
        R"({Providers: [{name: "openai", api_key: "OPENAI_API_KEY", models: ["OPENAI_API_KEY/x"]}]})");
    EXPECT_EQ(out.configuration["Providers"][0]["api_key"], "${OPENAI_API_KEY}");
    EXPECT_EQ(out.configuration["Providers"][0]["models"][0], "${OPENAI_API_KEY}/x");
}

TEST(Sanitize, CommandsInWhateverSpellingAndInLists) {
    const Sanitized out = of(
        R"({Providers: [{name: "p", apiKeyCommand: "pass p"}, {name: "q", api_keys: [{command: "pass q", weight: 2}]}]})");
    EXPECT_EQ(out.configuration, Json::parse(R"({"Providers":[{"name":"p","api_key":"${P_API_KEY}"},
                                               {"name":"q","api_keys":[{"weight":2,"key":"${Q_API_KEY}"}]}]})"));
}

TEST(Sanitize, WhereTheServiceListensIsLeftOut) {
    const Sanitized out = of(
        R"({PORT: 1, HOST: "0.0.0.0", APIKEY: "key-of-the-service", LOG: true, Router: {default: "p,m"}, thinkKeywords: ["x"]})");
    EXPECT_EQ(out.configuration,
              Json::parse(R"({"Router":{"default":"p,m"},"thinkKeywords":["x"]})"));
    EXPECT_EQ(out.left_out, (std::vector<std::string>{"PORT", "HOST", "APIKEY", "LOG"}));
}

TEST(Sanitize, WhomTheServiceTellsIsLeftOut) {
    for (const char* const name : {"plugins", "Plugins"}) {
        const std::string text =
            std::string("{\"") + name + R"(": [{name: "token-speed", options: {outputHandlers: [
            {type: "webhook", config: {url: "https://hooks.test/services/path-secret", headers: {"x-a": "header-secret"},
             auth: {type: "custom", header: "x-b", value: "auth-secret"}}}]}}], Router: {default: "p,m"}})";
        const Sanitized out = of(text.c_str());
        EXPECT_EQ(out.configuration, Json::parse(R"({"Router":{"default":"p,m"}})"));
        EXPECT_EQ(out.left_out, std::vector<std::string>{name});
    }
}

TEST(Sanitize, AModelWithItsDateIsNoUserInAUrl) {
    const Sanitized out = of(R"({Providers: [{name: "p", models: ["claude-sonnet-4@20250514"]}]})");
    EXPECT_TRUE(out.variables.empty());
}

TEST(Sanitize, NumbersOfTokensAreNoTokens) {
    const Sanitized out =
        of(R"({Providers: [{name: "p", transformer: {use: [["maxtoken", {max_tokens: 8192}]]}}]})");
    EXPECT_TRUE(out.variables.empty());
    EXPECT_EQ(out.configuration["Providers"][0]["transformer"]["use"][0][1]["max_tokens"], 8192);
}

}  // namespace
}  // namespace ccr::manifest
