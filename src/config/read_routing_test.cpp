#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::codes;
using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::HasSubstr;

Config routed(std::string_view more, fixture::Variables variables = {}) {
    return parsed(
        fmt::format(
            "{{Providers: "
            "[{{name:'deepseek',url:'https://h/chat/"
            "completions',key:'k',models:['chat','reasoner']}},"
            "{{name:'Router1',url:'https://h/chat/completions',key:'k',models:['x/y','a,b']}},"
            "{{name:'open',url:'https://h/chat/completions',key:'k'}}],\n{}}}",
            more),
        std::move(variables));
}

ModelRef ref(std::string provider, std::string model) {
    return {std::move(provider), std::move(model), {}};
}

TEST(ParseModelRef, SplitsAtTheFirstComma) {
    EXPECT_EQ(parse_model_ref("a,b"), ref("a", "b"));
    EXPECT_EQ(parse_model_ref(" a , b,c "), ref("a", "b,c"));
    for (const char* text : {"", "a", ",", "a,", ",b", " , "})
        EXPECT_FALSE(parse_model_ref(text)) << text;
}

TEST(Routing, EveryScenario) {
    const Config config = routed(
        "Router: "
        "{default:'deepseek,chat',background:'Router1,x/"
        "y',think:'deepseek,reasoner',longContext:'open,any',"
        "longContextThreshold:1000,webSearch:'Router1,a,b',image:'deepseek,chat'}");
    const Routing& routing = config.routing;
    EXPECT_EQ(routing.fallback_default, ref("deepseek", "chat"));
    EXPECT_EQ(routing.background, ref("Router1", "x/y"));
    EXPECT_EQ(routing.think, ref("deepseek", "reasoner"));
    EXPECT_EQ(routing.long_context, ref("open", "any"));
    EXPECT_EQ(routing.web_search, ref("Router1", "a,b"));
    EXPECT_EQ(routing.image, ref("deepseek", "chat"));
    EXPECT_EQ(routing.long_context_threshold, 1000);
    EXPECT_EQ(routing.fallback_default->place.line, 2);
    EXPECT_EQ(routing.fallback_default->place.column, 18);
    EXPECT_THAT(codes(config), testing::ElementsAre("model-comma"));
}

TEST(Routing, AnImageAgentThatIsForcedNeedsAModelThatSees) {
    const Config with =
        routed("Router: {default:'deepseek,chat',image:'open,eyes'}, forceUseImageAgent: true");
    EXPECT_TRUE(with.routing.force_image_agent);
    EXPECT_THAT(codes(with), testing::Not(testing::Contains("no-image-model")));
    const Config without = routed("Router: {default:'deepseek,chat'}, forceUseImageAgent: 'true'");
    EXPECT_THAT(codes(without), testing::Contains("no-image-model"));
}

TEST(Routing, R15_OtherSpellingsAndVariables) {
    const Config config =
        routed("router: {DEFAULT:'$P,$M',long_context:'DeepSeek,CHAT',WebSearch:''}",
               {{"P", "deepseek"}, {"M", "chat"}});
    EXPECT_EQ(config.routing.fallback_default, ref("deepseek", "chat"));
    EXPECT_EQ(config.routing.long_context, ref("deepseek", "chat"));
    EXPECT_FALSE(config.routing.web_search);
}

TEST(Routing, R18_AThresholdOfZeroIsOne) {
    const auto threshold = [](std::string_view value) {
        return routed(
            fmt::format("Router: {{default:'deepseek,chat',longContextThreshold:{}}}", value));
    };
    EXPECT_EQ(threshold("'200000'").routing.long_context_threshold, 200'000);
    EXPECT_EQ(threshold("0").routing.long_context_threshold, 0);
    EXPECT_EQ(threshold("null").routing.long_context_threshold, 60'000);
    for (const char* wrong : {"-5", "NaN", "Infinity"})
        EXPECT_TRUE(has(threshold(wrong), "invalid-value")) << wrong;
    EXPECT_TRUE(has(threshold("'many'"), "wrong-type"));
}

TEST(Routing, UnknownProvider) {
    const Config config = routed("Router: {default:'deepsek,chat'}");
    const Finding finding = found(config, "no-such-provider");
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(to_string(finding),
              "test.json:2:18: error: Router.default names the provider \"deepsek\", which is not "
              "configured; did you "
              "mean deepseek?");
    EXPECT_EQ(config.routing.fallback_default, ref("deepsek", "chat"));
    EXPECT_THAT(found(routed("Router: {default:'zzz,chat'}"), "no-such-provider").message,
                HasSubstr("there are: deepseek, Router1, open"));
}

TEST(Routing, UnlistedModelIsStillRouted) {
    const Config config = routed("Router: {default:'deepseek,chatt'}");
    EXPECT_EQ(config.routing.fallback_default, ref("deepseek", "chatt"));
    const Finding finding = found(config, "model-not-listed");
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_THAT(finding.message, HasSubstr("did you mean chat?"));
    EXPECT_THAT(found(routed("Router: {default:'deepseek,zzzzzz'}"), "model-not-listed").message,
                HasSubstr("add it to its models: chat, reasoner"));
    EXPECT_FALSE(has(routed("Router: {default:'open,zzz'}"), "model-not-listed"));
}

TEST(Routing, WithoutAComma) {
    const Config meant = routed("Router: {default:'reasoner'}");
    EXPECT_EQ(meant.routing.fallback_default, ref("deepseek", "reasoner"));
    EXPECT_EQ(found(meant, "route-without-provider").severity, Severity::warning);
    const Config provider = routed("Router: {default:'deepseek', think:'nothing'}");
    EXPECT_THAT(found(provider, "route-without-provider").message,
                HasSubstr("write it like \"deepseek,chat\""));
    EXPECT_EQ(found(provider, "route-without-provider").severity, Severity::error);
    EXPECT_EQ(provider.routing.fallback_default, ref("deepseek", "chat"));  // the first that works
    EXPECT_FALSE(provider.routing.think);
}

TEST(Routing, DefaultMissing) {
    for (const char* router :
         {"", "Router: {}", "Router: {default: ''}", "Router: {default: null}"}) {
        const Config config = routed(router);
        EXPECT_EQ(config.routing.fallback_default, ref("deepseek", "chat")) << router;
        EXPECT_THAT(found(config, "router-default-missing").message,
                    HasSubstr("deepseek,chat is used"));
    }
    const Config none = parsed("{Providers:[{name:'a',url:'https://h/chat/completions',key:'k'}]}");
    EXPECT_FALSE(none.routing.fallback_default);
    EXPECT_EQ(found(none, "router-default-missing").severity, Severity::error);
    const Config second = parsed(
        "{Providers:[{name:'a',models:['m']},{name:'b',url:'https://h/chat/"
        "completions',key:'k',models:['n']}]}");
    EXPECT_EQ(second.routing.fallback_default, ref("b", "n"));  // a is broken
}

TEST(Routing, WrongShapes) {
    EXPECT_TRUE(has(routed("Router: 'deepseek,chat'"), "wrong-type"));
    EXPECT_TRUE(has(routed("Router: {default: 5}"), "wrong-type"));
    EXPECT_TRUE(has(routed("Router: {default: {}, think: ['deepseek,chat']}"), "wrong-type"));
    EXPECT_THAT(found(routed("Router: {defualt: 'deepseek,chat'}"), "unknown-key").message,
                HasSubstr("did you mean default?"));
}

TEST(Fallback, Lists) {
    const Config config = routed(
        "Router: {default:'deepseek,chat'}, fallback: {default: ['open,x', 'deepseek,reasoner'], "
        "long_context: 'open,y', think: []}");
    ASSERT_EQ(config.routing.fallback.size(), 2u);
    EXPECT_EQ(config.routing.fallback[0].first, "default");
    EXPECT_THAT(config.routing.fallback[0].second,
                testing::ElementsAre(ref("open", "x"), ref("deepseek", "reasoner")));
    EXPECT_EQ(config.routing.fallback[1].first, "longContext");
    EXPECT_THAT(codes(config), testing::ElementsAre("model-comma"));
}

TEST(Fallback, Mistakes) {
    const std::string_view router = "Router: {default:'deepseek,chat'}, ";
    EXPECT_TRUE(has(routed(fmt::format("{}fallback: ['open,x']", router)), "wrong-type"));
    EXPECT_THAT(
        found(routed(fmt::format("{}fallback: {{defalt: ['open,x']}}", router)), "unknown-key")
            .message,
        HasSubstr("did you mean default?"));
    EXPECT_THAT(
        found(routed(fmt::format("{}fallback: {{default: ['opn,x']}}", router)), "no-such-provider")
            .message,
        HasSubstr("fallback.default names"));
}

TEST(FindProvider, ExactBeforeAnyCase) {
    const Config config = parsed("{Providers:[{name:'AB'},{name:'ab'},{name:'Cd'}]}");
    EXPECT_EQ(config.find_provider("ab"), &config.providers[1]);
    EXPECT_EQ(config.find_provider("AB"), &config.providers[0]);
    EXPECT_EQ(config.find_provider("cD"), &config.providers[2]);
    EXPECT_EQ(config.find_provider("x"), nullptr);
}

}  // namespace
}  // namespace ccr::config
