#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <regex>

#include "config/config_fixture.h"
#include "config/report.h"

namespace ccr::config {
namespace {

using fixture::codes;
using fixture::found;
using fixture::parsed;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kSample = R"({
  // a usual file
  APIKEY: "$CCR_KEY", HOST: '0.0.0.0', PORT: 3457, LOG: false, LOG_LEVEL: "debug",
  PROXY_URL: "http://user:proxy-password@127.0.0.1:7890", API_TIMEOUT_MS: "300000",
  Providers: [
    {name: "openrouter", api_base_url: "https://openrouter.ai/api/v1/chat/completions",
     api_key: "sk-or-SECRETSECRET", models: ["a/b", "c/d"], transformer: {use: ["openrouter"]}},
    {name: "claude", api_base_url: "https://api.anthropic.com/v1/messages", api_key: "${CLAUDE_KEY}",
     models: ["claude-x"], transformer: {use: ["Anthropic", ["maxtoken", {max_tokens: 100}]]}},
  ],
  Router: {default: "openrouter,a/b", think: "claude,claude-x", longContextThreshold: 50000},
  fallback: {default: ["claude,claude-x"]},
  StatusLine: {enabled: true},
})";
const fixture::Variables kVariables{{"CCR_KEY", "ccr-SECRETSECRET"},
                                    {"CLAUDE_KEY", "sk-ant-SECRETSECRET"}};

TEST(ParseConfig, AUsualFileHasNoFindings) {
    const Config config = parsed(kSample, kVariables);
    EXPECT_THAT(codes(config), IsEmpty());
    EXPECT_EQ(config.listen.host, "0.0.0.0");
    EXPECT_EQ(config.providers.size(), 2u);
    EXPECT_EQ(config.providers[1].speaks, Protocol::anthropic);
    EXPECT_EQ(config.file, "test.json");
    EXPECT_NE(config.fingerprint, 0u);
    EXPECT_FALSE(config.demo);
}

TEST(ParseConfig, SecretsForTheRedactor) {
    EXPECT_THAT(parsed(kSample, kVariables).secrets,
                testing::IsSupersetOf({"ccr-SECRETSECRET", "sk-or-SECRETSECRET",
                                       "sk-ant-SECRETSECRET", "proxy-password"}));
    const Config config = parsed(
        "{Providers:[{name:'o',url:'http://localhost:1/chat/completions',key:'ollama'}], "
        "APIKEY:'$X',"
        "extra: {client_secret: 'abcdef', max_tokens: 5, note: 'fine'}}");
    EXPECT_THAT(config.secrets, ElementsAre("abcdef"));
}

TEST(ParseConfig, KeepsTheWholeFileAsJson) {
    const Config config =
        parsed("{b: '$X', a: [1, .5, Infinity], mine: {c: null}}", {{"X", "x\n"}});
    EXPECT_EQ(config.json, R"({"b":"x\n","a":[1,0.5,null],"mine":{"c":null}})");
}

TEST(ParseConfig, OnlyUnparsableTextIsAnError) {
    for (const char* text : {"[]", "'x'", "5", "null", "\n true"}) {
        const auto config = parse_config(text, "c.json", fixture::environment());
        ASSERT_FALSE(config) << text;
        EXPECT_EQ(config.error().kind, ErrorKind::config);
        EXPECT_THAT(config.error().message, HasSubstr("the configuration should be one object"));
    }
    const auto config = parse_config("{PORT: }", "c.json", fixture::environment());
    ASSERT_FALSE(config);
    EXPECT_TRUE(config.error().message.starts_with("c.json:1:8: ")) << config.error().message;
    for (const char* text :
         {"{PORT:{},HOST:[],LOG:{},Providers:5,Router:5,fallback:5,timeouts:5,APIKEY:[]}",
          "{Providers:[{name:{},api_base_url:[],api_key:{},models:5,transformer:5,timeouts:5,proxy:"
          "{}}]}",
          "{Providers:[[[]]],Router:{default:{default:[]}}}"}) {
        EXPECT_TRUE(parse_config(text, "c.json", fixture::environment())) << text;
    }
}

struct KeyCase {
    std::string_view text, code, message;
};

class UnknownKey : public testing::TestWithParam<KeyCase> {};

TEST_P(UnknownKey, IsReportedAndKept) {
    const Config config = parsed(GetParam().text);
    if (GetParam().code.empty()) {
        EXPECT_THAT(codes(config), ElementsAre("demo"));
        return;
    }
    EXPECT_THAT(found(config, GetParam().code).message, HasSubstr(GetParam().message));
}

constexpr KeyCase kKeys[] = {
    {"{Provider: []}", "unknown-key", "did you mean Providers?"},
    {"{port: 1}", "unknown-key", "did you mean PORT?"},
    {"{API_KEY: ''}", "", ""},
    {"{PROXYURL: ''}", "unknown-key", "did you mean PROXY_URL?"},
    {"{somethingElse: 1}", "unknown-key", "\"somethingElse\" is no key of the configuration"},
    {"{'//': 'c', _comment: 'c', $schema: 'x'}", "", ""},
    {"{GOOGLE_CLOUD_PROJECT: 'p', OPENAI_API_KEY: ''}", "", ""},
    {"{MY_VALUE: 'x', CLAUDE_PATH: '$MY_VALUE'}", "", ""},
    {"{transformers: [{path: '/x'}]}", "script-missing", "/x, which is not there"},
    {"{transformers: [{}]}", "wrong-type", "a path"},
    {"{CUSTOM_ROUTER_PATH: '/x'}", "script-missing", "CUSTOM_ROUTER_PATH names /x"},
    {"{REWRITE_SYSTEM_PROMPT: '/x'}", "", ""},
    {"{plugins: [{}]}", "wrong-type", "with a name"},
    {"{forceUseImageAgent: true}", "", ""},
    {"{transformers: [], plugins: [], CUSTOM_ROUTER_PATH: '', REWRITE_SYSTEM_PROMPT: '', "
     "forceUseImageAgent: false}",
     "", ""},
};
INSTANTIATE_TEST_SUITE_P(All, UnknownKey, testing::ValuesIn(kKeys));

TEST(ParseConfig, FindingsAreInTheOrderOfTheFile) {
    const Config config = parsed("{a1: '$X',\n b1: 1, LOG: 'x',\n c1: '$Y'}");
    int last = 0;
    for (const Finding& finding : config.findings) {
        if (finding.place.line == 0) break;
        EXPECT_GE(finding.place.line, last);
        last = finding.place.line;
    }
    EXPECT_EQ(last, 3);
    EXPECT_EQ(config.findings.back().code, "demo");
}

TEST(ParseConfig, UnresolvedVariablesNameThePlaceAndTheFix) {
    const Config config = parsed("{StatusLine: {\n  x: 'a $ONE ${two}'}}");
    const Finding finding = found(config, "unresolved-variable");
    EXPECT_EQ(to_string(finding),
              "test.json:2:6: warning: the variable ONE is not set, so the text stays as it is; "
              "export ONE=... before "
              "the start, or write $$ONE for a literal $ONE");
    EXPECT_EQ(std::ranges::count(codes(config), "unresolved-variable"), 2);
}

TEST(ToString, Severities) {
    Finding finding{Severity::note, "x", "config.json", {12, 7}, "m"};
    EXPECT_EQ(to_string(finding), "config.json:12:7: note: m");
    finding.severity = Severity::error;
    finding.place = {};
    EXPECT_EQ(to_string(finding), "config.json: error: m");
    finding.file = "";
    EXPECT_EQ(to_string(finding), "configuration: error: m");
}

// Whatever happens to a file: an answer with a place, and no key in any message.
void expect_sound(const std::string& text) {
    static const std::regex kPlaced("^f\\.json:[1-9][0-9]*:[1-9][0-9]*: .+");
    const auto config = parse_config(text, "f.json", fixture::environment(kVariables));
    if (!config) {
        EXPECT_TRUE(std::regex_search(config.error().message, kPlaced)) << config.error().message;
        EXPECT_THAT(config.error().message, Not(HasSubstr("SECRET")));
        return;
    }
    EXPECT_TRUE(nlohmann::json::accept(config->json));
    for (const Finding& finding : config->findings) {
        EXPECT_FALSE(finding.message.empty());
        EXPECT_FALSE(finding.code.empty());
        EXPECT_EQ(finding.message.find("SECRET"), std::string::npos) << finding.message;
        EXPECT_EQ(finding.message.find("proxy-password"), std::string::npos) << finding.message;
    }
}

TEST(Findings, HideTheCredentialsOfEveryUrlTheyQuote) {
    EXPECT_EQ(without_user_info("a http://u:p@h:1/x and socks5://me@h2"),
              "a http://[redacted]@h:1/x and socks5://[redacted]@h2");
    EXPECT_EQ(without_user_info("mail me@h, see http://h/@x"), "mail me@h, see http://h/@x");
}

TEST(ParseConfigProperty, TruncatedFilesAreErrorsWithAPlace) {
    for (std::size_t i = 0; i < kSample.size(); ++i) {
        const std::string cut(kSample.substr(0, i));
        EXPECT_FALSE(parse_config(cut, "f.json", fixture::environment(kVariables)));
        expect_sound(cut);
    }
}

// Drawn in a fixed order, which the arguments of one call are not.
std::string some_of(const std::string& text, std::mt19937& random) {
    const std::size_t begin = random() % text.size();
    const std::size_t length = random() % 30;
    return text.substr(begin, length);
}

TEST(ParseConfigProperty, CorruptedFilesNeverCrash) {
    std::mt19937 random(3);
    constexpr std::string_view kBytes = "{}[]:,'\"\\/*$\n x09-.aE\xE2\xFF\0";
    for (int i = 0; i < 6000; ++i) {
        std::string text(kSample);
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
            case 0:
                text[at] = kBytes[random() % kBytes.size()];
                break;
            case 1:
                text.insert(at, 1, kBytes[random() % kBytes.size()]);
                break;
            case 2:
                text.erase(at, 1 + random() % 20);
                break;
            default:
                text.insert(at, some_of(text, random));
        }
        expect_sound(text);
    }
}

}  // namespace
}  // namespace ccr::config
