#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;
using fixture::codes;
using fixture::found;
using fixture::has;
using fixture::parsed;
using fixture::with_provider;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kGood =
    "name: 'a', api_base_url: 'https://h/v1/chat/completions', api_key: 'k', models: ['m']";

Config good_with(std::string_view more) {
    return with_provider(fmt::format("{{{}, {}}}", kGood, more));
}

TEST(Providers, TheReferencesForm) {
    const Config config = with_provider(fmt::format("{{{}}}", kGood));
    ASSERT_EQ(config.providers.size(), 1u);
    const Provider& provider = config.providers[0];
    EXPECT_EQ(provider.name, "a");
    EXPECT_EQ(provider.base_url, "https://h/v1/chat/completions");
    EXPECT_EQ(provider.api_key, "k");
    EXPECT_THAT(provider.models, ElementsAre("m"));
    EXPECT_EQ(provider.speaks, Protocol::openai_chat);
    EXPECT_FALSE(provider.broken);
    EXPECT_FALSE(provider.http2);
    EXPECT_FALSE(config.demo);
    EXPECT_THAT(codes(config), IsEmpty());
    EXPECT_EQ(provider.place.column, 14);
}

class Spelling : public testing::TestWithParam<std::string_view> {};

TEST_P(Spelling, MeansTheSame) {
    const Config config = parsed(GetParam());
    ASSERT_EQ(config.providers.size(), 1u);
    const Provider& provider = config.providers[0];
    EXPECT_EQ(provider.name, "a");
    EXPECT_EQ(provider.base_url, "https://h/v1/chat/completions");
    EXPECT_EQ(provider.api_key, "k");
    EXPECT_THAT(provider.models, ElementsAre("m", "n"));
    EXPECT_EQ(config.routing.fallback_default, (ModelRef{"a", "m", {}}));
    EXPECT_THAT(codes(config), IsEmpty());
}

constexpr std::string_view kSpellings[] = {
    "{Providers:[{name:'a',api_base_url:'https://h/v1/chat/"
    "completions',api_key:'k',models:['m','n']}],Router:{default:'a,m'}}",
    "{providers:[{NAME:'a',HOST:'https://h/v1/chat/"
    "completions',APIKEY:'k',MODELS:['m','n']}],router:{DEFAULT:'a,m'}}",
    "{PROVIDERS:[{name:'a',baseUrl:'https://h/v1/chat/completions',apiKey:'k',models:'m'  "
    ",model:'x'}],Router:{Default:'a,m'}}",
    "{Providers:[{name:'a',base_url:'https://h/v1/chat/completions',key:'k',models:'m, "
    "n'}],Router:{default:'a , m'}}",
    "{Providers:[{name:' a ',baseURL:' https://h/v1/chat/completions ',api_key:' k "
    "',models:[{id:'m'},{name:'n'}]}],Router:{default:'A,M'}}",
    "{Providers:[{name:'a',apiBaseUrl:'https://h/v1/chat/"
    "completions',api_key:'k',models:['m','m','n']}],Router:{default:'a,m'}}",
    "{Providers:{a:{api_base_url:'https://h/v1/chat/"
    "completions',api_key:'k',models:['m','n']}},Router:{default:'a,m'}}",
    "{Providers:[],providers:[{name:'a',url:'https://h/v1/chat/"
    "completions',api_key:'k',models:['m','n']}],Router:{default:'a,m'}}",
    "{Providers:[{name:'a',api_base_url:'',baseUrl:'https://h/v1/chat/"
    "completions',api_key:'k',models:['m','n']}],Router:{default:'a,m'}}",
};
INSTANTIATE_TEST_SUITE_P(All, Spelling, testing::ValuesIn([] {
                             std::vector<std::string_view> all(std::begin(kSpellings),
                                                               std::end(kSpellings));
                             all.erase(all.begin() + 2);  // one model only: has a test of its own
                             return all;
                         }()));

TEST(Providers, OneModelAsText) {
    EXPECT_THAT(parsed(kSpellings[2]).providers.at(0).models, ElementsAre("m"));
}

TEST(Providers, TheUsualSpellingWins) {
    const Config config = parsed("{providers:[{name:'x'}], Providers:[{name:'y'}]}");
    ASSERT_EQ(config.providers.size(), 1u);
    EXPECT_EQ(config.providers[0].name, "y");
}

struct BrokenCase {
    std::string_view provider, code, message;
    int column;
};

class Broken : public testing::TestWithParam<BrokenCase> {};

TEST_P(Broken, StaysListedWithItsFinding) {
    const Config config = with_provider(GetParam().provider);
    ASSERT_EQ(config.providers.size(), 1u);
    ASSERT_TRUE(config.providers[0].broken) << testing::PrintToString(codes(config));
    const Finding& finding = *config.providers[0].broken;
    EXPECT_EQ(finding.code, GetParam().code);
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.place.line, 1);
    EXPECT_EQ(finding.place.column, GetParam().column) << finding.message;
    EXPECT_THAT(finding.message, HasSubstr(GetParam().message));
    EXPECT_EQ(found(config, GetParam().code).message, finding.message);
}

constexpr BrokenCase kBroken[] = {
    {"{name:'a',api_key:'k'}", "provider-incomplete", "provider a has no URL; add \"api_base_url\"",
     14},
    {"{name:'a',api_base_url:'https://h/chat/completions'}", "provider-incomplete",
     "provider a has no api_key; add", 14},
    {"{name:'a',api_base_url:'https://h/chat/completions',api_key:''}", "provider-incomplete",
     "has no api_key", 74},
    {"{api_base_url:'https://h/chat/completions',api_key:'k'}", "provider-incomplete",
     "provider number 1 has no name", 14},
    {"{name:'a,b',api_base_url:'https://h/chat/completions',api_key:'k'}", "invalid-value",
     "take the comma out", 20},
    {"{name:'a',api_base_url:'https://h/chat/completions',api_key:'$NONE'}", "unresolved-variable",
     "export NONE=...", 74},
    {"{name:'a',api_base_url:'https://h/chat/completions',api_key:'$my_key'}",
     "unresolved-variable", "write ${my_key}", 74},
    {"{name:'a',api_base_url:'https://$NONE/chat/completions',api_key:'k'}", "unresolved-variable",
     "export NONE=...", 37},
    {"{name:'a',api_base_url:'h/chat/completions',api_key:'k'}", "invalid-url",
     "not a valid http:// or https:// URL", 37},
    {"{name:'a',api_base_url:'ftp://h/chat/completions',api_key:'k'}", "invalid-url",
     "not a valid http", 37},
    {"{name:'a',api_base_url:'http://127.0.0.1:3456/v1/messages',api_key:'k'}", "self-reference",
     "ccr itself (http://127.0.0.1:3456/v1/messages)", 37},
    {"{name:'a',api_base_url:'http://localhost:3456/v1/chat/completions',api_key:'k'}",
     "self-reference", "change PORT", 37},
    {"{name:'a',api_base_url:'http://0.0.0.0:3456/x',api_key:'k'}", "self-reference", "circle", 37},
};
INSTANTIATE_TEST_SUITE_P(All, Broken, testing::ValuesIn(kBroken));

TEST(Providers, UnresolvedVariablesAreSaidOnce) {
    const Config config = with_provider(
        "{name:'a',api_base_url:'https://h/chat/completions',api_key:'$N', models:['m']}");
    EXPECT_THAT(codes(config), ElementsAre("unresolved-variable"));
}

TEST(Providers, LocalServersNeedNoKey) {
    const Config config = with_provider(
        "{name:'a',api_base_url:'http://localhost:11434/v1/chat/completions',models:['m']}");
    EXPECT_FALSE(config.providers[0].broken);
    EXPECT_EQ(found(config, "no-api-key").severity, Severity::note);
}

struct UrlCase {
    std::string_view url, transformer, suggestion;  // suggestion "": no finding
};

class Url : public testing::TestWithParam<UrlCase> {};

TEST_P(Url, EndpointIsSuggested) {
    const Config config = with_provider(fmt::format(
        "{{name:'a',api_base_url:'{}',api_key:'k',models:['m'],transformer:{{use:[{}]}}}}",
        GetParam().url, GetParam().transformer));
    if (GetParam().suggestion.empty()) {
        EXPECT_FALSE(has(config, "url-without-endpoint"));
    } else {
        const Finding finding = found(config, "url-without-endpoint");
        EXPECT_EQ(finding.severity, Severity::warning);
        EXPECT_TRUE(finding.message.ends_with(fmt::format("perhaps {}", GetParam().suggestion)))
            << finding.message;
        EXPECT_FALSE(config.providers[0].broken);
    }
}

constexpr UrlCase kUrls[] = {
    {"https://api.x.com/v1", "", "https://api.x.com/v1/chat/completions"},
    {"https://api.x.com/v1/", "", "https://api.x.com/v1/chat/completions"},
    {"https://api.x.com", "", "https://api.x.com/v1/chat/completions"},
    {"https://api.x.com/", "'Anthropic'", "https://api.x.com/v1/messages"},
    {"https://u:secret@api.x.com/v1?key=secret", "", "https://api.x.com/v1/chat/completions"},
    {"https://api.x.com/v1/chat/completions", "", ""},
    {"https://api.x.com/v1/chat/completions?api-version=1", "", ""},
    {"https://api.x.com/v1/messages", "", ""},
    {"https://api.x.com/anthropic/messages", "", ""},
    {"https://api.x.com/v1/responses", "", ""},
    {"https://api.x.com/v1beta/models/", "", ""},
    {"https://api.x.com/v1beta", "'gemini'", ""},
};
INSTANTIATE_TEST_SUITE_P(All, Url, testing::ValuesIn(kUrls));

TEST(Providers, MessagesShowNoPartOfAUrlThatMayBeSecret) {
    for (const char* url : {"https://u:hunter22@api.x.com/v1?key=hunter22",
                            "http://u:hunter22@127.0.0.1:3456/?k=hunter22", "ftp://hunter22@h",
                            "https://h/v1/responses?key=hunter22"}) {
        for (const Finding& finding :
             with_provider(fmt::format("{{name:'a',api_base_url:'{}',api_key:'k'}}", url))
                 .findings) {
            EXPECT_THAT(finding.message, testing::Not(HasSubstr("hunter22")));
        }
    }
}

TEST(Providers, WireFollowsTransformersThenUrl) {
    const auto speaks = [](std::string_view url, std::string_view use) {
        return with_provider(
                   fmt::format(
                       "{{name:'a',api_base_url:'{}',api_key:'k',transformer:{{use:[{}]}}}}", url,
                       use))
            .providers.at(0)
            .speaks;
    };
    EXPECT_EQ(speaks("https://h/v1/messages", ""), Protocol::anthropic);
    EXPECT_EQ(speaks("https://h/v1/x", "'anthropic'"), Protocol::anthropic);
    EXPECT_EQ(speaks("https://h/v1/chat/completions", "['maxtoken',{max_tokens:1}],'Anthropic'"),
              Protocol::anthropic);
    EXPECT_EQ(speaks("https://h/v1/chat/completions", "'openrouter'"), Protocol::openai_chat);
    EXPECT_EQ(speaks("https://h/v1/x", "'GEMINI'"), Protocol::gemini);
    EXPECT_EQ(speaks("https://h/v1/x", "'openai-responses'"), Protocol::openai_responses);
}

TEST(Transformers, EveryForm) {
    const Config config = good_with(
        "transformer: {use: ['OpenRouter', ['maxtoken', {max_tokens: 5}], ['tooluse'], {name: "
        "'sampling', options: {top_k: 1}}],"
        "m: {use: ['reasoning']}, '//': 'comment'}");
    const Provider& provider = config.providers.at(0);
    ASSERT_EQ(provider.use.size(), 4u);
    EXPECT_EQ(provider.use[0].name, "openrouter");
    EXPECT_EQ(provider.use[0].options, "");
    EXPECT_EQ(provider.use[1].name, "maxtoken");
    EXPECT_EQ(provider.use[1].options, R"({"max_tokens":5})");
    EXPECT_EQ(provider.use[2].name, "tooluse");
    EXPECT_EQ(provider.use[3].options, R"({"top_k":1})");
    ASSERT_EQ(provider.model_use.size(), 1u);
    EXPECT_EQ(provider.model_use[0].model, "m");
    EXPECT_EQ(provider.model_use[0].use.at(0).name, "reasoning");
    EXPECT_THAT(codes(config), IsEmpty());
    EXPECT_EQ(good_with("transformers: ['deepseek']").providers.at(0).use.at(0).name, "deepseek");
    EXPECT_EQ(good_with("transformer: 'deepseek'").providers.at(0).use.at(0).name, "deepseek");
    EXPECT_EQ(good_with("transformer: {use: 'deepseek'}").providers.at(0).use.at(0).name,
              "deepseek");
}

TEST(Transformers, AllTwentyOneAreKnown) {
    const Config config = good_with(
        "transformer: {m: {use: "
        "['Anthropic','OpenAI','openai-responses','gemini','vertex-gemini','vertex-claude',"
        "'deepseek','tooluse','groq','cleancache','enhancetool','cerebras','streamoptions','"
        "forcereasoning',"
        "'openrouter','vercel','maxtoken','maxcompletiontokens','reasoning','sampling','"
        "customparams']}}");
    EXPECT_EQ(config.providers.at(0).model_use.at(0).use.size(), 21u);
    EXPECT_FALSE(has(config, "unknown-transformer"));
}

TEST(Transformers, P5OptionsCostNoProvider) {
    const Config config = good_with(
        "transformer: {use: [['gemini', {}], ['deepseek', {max_tokens: 7}], ['tooluse', {}], "
        "['Anthropic', {UseBearer: true}]]}");
    ASSERT_EQ(config.providers.size(), 1u);
    EXPECT_FALSE(config.providers[0].broken);
    EXPECT_EQ(config.providers[0].use.size(), 4u);
}

// Unconverted, requests would go out in the wrong form: the provider says so in place of them.
TEST(Transformers, P6P11AnUnknownOneBreaksItsProviderAndAModelsOwnIsTold) {
    const Config misspelt = good_with("transformer: {use: ['maxtokens']}");
    ASSERT_TRUE(misspelt.providers.at(0).broken);
    EXPECT_THAT(misspelt.providers[0].broken->message, HasSubstr("did you mean maxtoken?"));
    EXPECT_FALSE(good_with("transformer: {use: ['ANTHROPIC', 'openai']}").providers[0].broken);
    const Config at_model_level = good_with("transformer: {m: {use: ['maxtokens']}}");
    EXPECT_FALSE(at_model_level.providers.at(0).broken);
    const Finding& told = found(at_model_level, "unknown-transformer");
    EXPECT_EQ(told.severity, Severity::warning);
    EXPECT_THAT(told.message, HasSubstr("did you mean maxtoken?"));
    EXPECT_GT(told.place.line, 0);
    EXPECT_FALSE(told.file.empty());
}

TEST(Transformers, MistakesAreFound) {
    EXPECT_TRUE(has(good_with("transformer: {use: [5, [], {}]}"), "wrong-type"));
    EXPECT_TRUE(has(good_with("transformer: {use: [['maxtoken', 5]]}"), "wrong-type"));
    EXPECT_TRUE(has(good_with("transformer: {m: {}, n: {used: []}}"), "wrong-type"));
    EXPECT_THAT(
        found(good_with("transformer: {mm: {use: ['tooluse']}}"), "model-not-listed").message,
        HasSubstr("did you mean m?"));
}

TEST(Providers, OwnSettings) {
    const Provider provider =
        good_with("timeouts: {connect_ms: 5, total_ms: '7'}, http2: true, proxy: 'socks5://p:1'")
            .providers.at(0);
    EXPECT_EQ(provider.timeouts.connect, 5ms);
    EXPECT_EQ(provider.timeouts.total, 7ms);
    EXPECT_EQ(provider.timeouts.idle, std::nullopt);
    EXPECT_TRUE(provider.http2);
    EXPECT_EQ(provider.proxy, "socks5://p:1");
    EXPECT_TRUE(has(good_with("proxy: 'http://localhost:3456'"), "self-proxy"));
    EXPECT_TRUE(has(good_with("http2: 'maybe'"), "wrong-type"));
}

TEST(Providers, SeveralKeys) {
    constexpr std::string_view kBase =
        "name: 'a', api_base_url: 'https://h/v1/chat/completions', models: ['m'], proxy: "
        "'http://p:1'";
    const auto with_keys = [&](std::string_view keys) {
        return with_provider(fmt::format("{{{}, {}}}", kBase, keys), {{"SET", "k3"}});
    };
    const Config config = with_keys(
        "api_key: ['k1', {key: 'k2', weight: 2.5, proxy: 'socks5://q:1'}, '$SET', '$UNSET', 'k1', "
        "'', '$my_key']");
    const Provider& provider = config.providers.at(0);
    EXPECT_EQ(provider.api_key, "k1");
    ASSERT_EQ(provider.by_key.size(), 3u);
    const Provider& second = provider.by_key[1];
    EXPECT_EQ(second.api_key, "k2");
    EXPECT_EQ(second.key_number, 2u);
    EXPECT_EQ(second.key_weight, 2.5);
    EXPECT_EQ(second.proxy, "socks5://q:1");
    EXPECT_EQ(second.models, provider.models);
    EXPECT_EQ(provider.by_key[2].api_key, "k3");
    EXPECT_EQ(provider.by_key[2].proxy, "http://p:1");
    EXPECT_EQ(std::ranges::count(codes(config), "key-left-out"), 4);
    for (const char* key : {"k1", "k2", "k3"}) EXPECT_THAT(config.secrets, testing::Contains(key));

    EXPECT_THAT(with_keys("api_keys: ['k1']").providers.at(0).by_key, IsEmpty());
    EXPECT_EQ(with_keys("api_keys: ['k1']").providers.at(0).api_key, "k1");
    EXPECT_TRUE(with_keys("api_keys: []").providers.at(0).broken);
    EXPECT_TRUE(with_keys("api_keys: ['$UNSET']").providers.at(0).broken);
    EXPECT_TRUE(has(with_keys("api_keys: ['k1', {key: 'k2', weight: 0}]"), "invalid-value"));
    EXPECT_TRUE(has(with_keys("api_keys: ['k1', {key: 'k2', wait: 0}]"), "unknown-key"));
}

TEST(Providers, AListOfKeysMayHaveSomeFromElsewhere) {
    const auto with_keys = [](std::string_view keys) {
        return with_provider(
            fmt::format("{{name: 'a', models: ['m'], api_key: {}, api_base_url: "
                        "'https://h/v1/chat/completions'}}",
                        keys));
    };
    const Config config =
        with_keys("['k1', {command: 'pass k2', weight: 2}, {file: '/k3'}, {command: 'pass k2'}]");
    const auto& keys = config.providers.at(0).by_key;
    ASSERT_EQ(keys.size(), 3u);
    EXPECT_EQ(keys[0].key_command, "");
    EXPECT_EQ(keys[1].key_command, "pass k2");
    EXPECT_EQ(keys[1].key_weight, 2);
    EXPECT_EQ(keys[2].key_file, "/k3");
    const Config one = with_keys("[{command: 'pass k2'}]");
    EXPECT_EQ(one.providers.at(0).key_command, "pass k2");
    EXPECT_FALSE(one.providers.at(0).broken);
}

TEST(Providers, AKeysFileIsLookedForBesideTheConfiguration) {
    const auto parsed = parse_config(
        "{Providers: [{name: 'a', models: ['m'], api_key_file: 'keys/a', api_base_url: "
        "'https://h/v1/chat/completions'}, {name: 'b', models: ['m'], api_keys: [{file: '../b'}, "
        "{file: '/c'}], api_base_url: 'https://h/v1/chat/completions'}]}",
        "/home/me/.ccr/config.json", fixture::environment());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->providers.at(0).key_file, "/home/me/.ccr/keys/a");
    EXPECT_EQ(parsed->providers.at(1).by_key.at(0).key_file, "/home/me/b");
    EXPECT_EQ(parsed->providers.at(1).by_key.at(1).key_file, "/c");
}

TEST(Providers, Retry) {
    const Config config = good_with("retry: {max: 5, base_ms: 10}");
    EXPECT_EQ(config.providers.at(0).retry.most, 5);
    EXPECT_EQ(config.providers.at(0).retry.base, 10ms);
    EXPECT_EQ(config.providers.at(0).retry.cap, std::nullopt);
    EXPECT_EQ(config.retry.most, 2);
    EXPECT_EQ(config.retry.base, 500ms);
    EXPECT_EQ(config.retry.cap, 5000ms);
    EXPECT_TRUE(has(good_with("retry: 5"), "wrong-type"));
    EXPECT_TRUE(has(good_with("retry: {max: 'often'}"), "wrong-type"));
    EXPECT_TRUE(has(good_with("retry: {maximum: 5}"), "unknown-key"));
    EXPECT_EQ(parsed("{retry: {max: NaN, cap_ms: 86400000}}").retry.most, 0);
    EXPECT_EQ(parsed("{retry: {max: 1e99, cap_ms: 86400000}}").retry.cap, 60s);
    EXPECT_EQ(parsed("{retry: {max: 0, cap_ms: 1000}}").retry.most, 0);
}

TEST(Providers, DisabledOnesAreSkipped) {
    const Config config = parsed("{Providers: [{name: 'a', enabled: false}]}");
    EXPECT_THAT(config.providers, IsEmpty());
    EXPECT_TRUE(config.demo);
    EXPECT_EQ(found(config, "provider-disabled").severity, Severity::note);
    EXPECT_EQ(good_with("enabled: true").providers.size(), 1u);
}

TEST(Providers, LaterDuplicateWins) {
    const Config config = parsed(
        "{Providers: [{name:'a',url:'https://h/1/chat/completions',key:'k',models:['m']},\n"
        "{name:'b',url:'https://h/2/chat/completions',key:'k',models:['m']},\n"
        "{name:'a',url:'https://h/3/chat/completions',key:'k',models:['m']}], Router: {default: "
        "'a,m'}}");
    ASSERT_EQ(config.providers.size(), 2u);
    EXPECT_EQ(config.providers[0].base_url, "https://h/3/chat/completions");
    const Finding finding = found(config, "duplicate-provider");
    EXPECT_EQ(finding.place.line, 3);
    EXPECT_THAT(finding.message, HasSubstr("stands at 1:14 already"));
}

TEST(Providers, WrongShapesAreReported) {
    EXPECT_TRUE(has(parsed("{Providers: 'x'}"), "wrong-type"));
    EXPECT_TRUE(has(parsed("{Providers: [1, null, 'a']}"), "wrong-type"));
    EXPECT_TRUE(has(good_with("models: [5, {}, null]"), "duplicate-key"));
    EXPECT_TRUE(
        has(with_provider("{name:'a',url:'https://h/chat/completions',key:'k',models:[5,{}]}"),
            "wrong-type"));
    EXPECT_TRUE(
        has(with_provider("{name:'a',url:'https://h/chat/completions',key:'k',models:['m, n']}"),
            "model-comma"));
}

TEST(Providers, UnknownKeysOfOne) {
    EXPECT_THAT(found(good_with("transfomer: {}"), "unknown-key").message,
                HasSubstr("did you mean transformer?"));
    EXPECT_THAT(codes(good_with("tokenizer: {}, id: 'x', '//': 'c', _note: 'c'")), IsEmpty());
}

TEST(Demo, WithoutProviders) {
    for (const char* text :
         {"{}", "{PORT:3456,Providers:[],Router:{}}", "{Providers:null}", "{providers:{}}"}) {
        const Config config = parsed(text);
        EXPECT_TRUE(config.demo) << text;
        EXPECT_THAT(codes(config), ElementsAre("demo")) << text;
    }
    const Config config = parsed("{Router: {default: 'a,m'}}");
    EXPECT_FALSE(config.routing.fallback_default);
    EXPECT_TRUE(has(config, "router-without-providers"));
}

}  // namespace
}  // namespace ccr::config
