#include "route/route.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ccr::route {
namespace {

using config::Config;
using config::ModelRef;

config::Provider provider(std::string name, std::vector<std::string> models) {
    config::Provider out;
    out.name = std::move(name);
    out.models = std::move(models);
    return out;
}

ModelRef ref(std::string_view text) {
    return *config::parse_model_ref(text);
}

// Every rule has a target of its own.
Config full_config() {
    Config c;
    c.providers = {provider("main", {"big", "small", "org/Model-X"}),
                   provider("Other", {"big", "deep"})};
    c.routing.fallback_default = ref("main,big");
    c.routing.background = ref("main,small");
    c.routing.think = ref("other,deep");
    c.routing.long_context = ref("main,long");
    c.routing.web_search = ref("main,search");
    c.index_models();
    return c;
}

// "provider,model scenario", or "error: kind".
std::string routed(const Facts& facts, const Config& config) {
    const auto decision = route(facts, config);
    if (!decision) return fmt::format("error: {}", traits_of(decision.error().kind).name);
    const Attempt& first = decision->attempts.at(0);
    EXPECT_FALSE(decision->because.empty());
    return fmt::format("{},{} {}", first.provider->name, first.model, decision->scenario);
}

Facts asked(std::string model) {
    Facts facts;
    facts.asked_model = std::move(model);
    facts.input_tokens = 1000;
    return facts;
}

struct Case {
    const char* name;
    Facts facts;
    const char* expected;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.name;
}
class Rules : public testing::TestWithParam<Case> {};

TEST_P(Rules, ChooseTheTarget) {
    EXPECT_EQ(routed(GetParam().facts, full_config()), GetParam().expected);
}

Facts with(Facts facts, std::int64_t tokens, bool web_search, bool thinking) {
    facts.input_tokens = tokens;
    facts.web_search = web_search;
    if (thinking) facts.thought.raised_by = "effort high";
    return facts;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Rules,
    testing::Values(
        Case{"an unknown claude name", asked("claude-opus-5-5"), "main,big default"},
        Case{"any case of it", asked("Claude-Next"), "main,big default"},
        Case{"named itself", asked("main,small"), "main,small default"},
        Case{"spelled otherwise", asked("MAIN,SMALL"), "main,small default"},
        Case{"the spelling of the configuration", asked("main,ORG/model-x"),
             "main,org/Model-X default"},
        Case{"a model that is not listed", asked("other,new,one"), "Other,new,one default"},
        Case{"blanks around", asked(" main , small "), "main,small default"},
        Case{"an unknown provider", asked("nobody,big"), "error: not_found"},
        Case{"listed without its provider", asked("deep"), "Other,deep default"},
        Case{"listed twice: the first", asked("big"), "main,big default"},
        Case{"listed in another case", asked("ORG/model-x"), "main,org/Model-X default"},
        Case{"listed, as Gemini's API names models", asked("models/deep"), "Other,deep default"},
        Case{"nobody's model", asked("mystery-9"), "error: not_found"},
        Case{"no model at all", asked(""), "error: not_found"},
        Case{"Codex left to its default", asked("gpt-5.2-codex"), "main,big default"},
        Case{"a reasoning model by name", asked("o4"), "main,big default"},
        Case{"a small one", asked("o4-mini"), "main,small background"},
        Case{"Gemini CLI left to its default", asked("models/gemini-3-pro"), "main,big default"},
        Case{"rules apply to every agent's names", with(asked("gpt-5.2"), 1, true, false),
             "main,search webSearch"},
        Case{"long", with(asked("claude-opus-5-5"), 60'001, false, false), "main,long longContext"},
        Case{"not quite long", with(asked("claude-opus-5-5"), 60'000, false, false),
             "main,big default"},
        Case{"a background model", asked("claude-haiku-5-5"), "main,small background"},
        Case{"an older one", asked("claude-3-5-haiku-20241022"), "main,small background"},
        Case{"web search", with(asked("claude-opus-5-5"), 1, true, false), "main,search webSearch"},
        Case{"more thought", with(asked("claude-opus-5-5"), 1, false, true), "Other,deep think"},
        Case{"long before background", with(asked("claude-haiku-5-5"), 90'000, true, true),
             "main,long longContext"},
        Case{"background before web search", with(asked("claude-haiku-5-5"), 1, true, true),
             "main,small background"},
        Case{"web search before thought", with(asked("claude-opus-5-5"), 1, true, true),
             "main,search webSearch"},
        Case{"a name beats every rule", with(asked("other,big"), 90'000, true, true),
             "Other,big default"}));

TEST(Route, RulesWithoutTargetDoNotApply) {
    Config c = full_config();
    c.routing = {};
    c.routing.fallback_default = ref("main,big");
    EXPECT_EQ(routed(with(asked("claude-haiku-5-5"), 90'000, true, true), c), "main,big default");
}

TEST(Route, WithoutADefaultTheErrorSaysWhatToSet) {
    Config c = full_config();
    c.routing = {};
    const auto decision = route(asked("claude-opus-5-5"), c);
    ASSERT_FALSE(decision);
    EXPECT_EQ(decision.error().kind, ErrorKind::config);
    EXPECT_NE(decision.error().message.find("Router.default"), std::string::npos);
}

TEST(Route, RefusalsNameWhatThereIs) {
    const Config c = full_config();
    const auto nobody = route(asked("nobody,big"), c);
    EXPECT_EQ(nobody.error().message,
              "There is no provider named 'nobody' (asked for as 'nobody,big'). Configured "
              "providers: main, Other.");
    EXPECT_EQ(route(asked("mystery-9"), c).error().message,
              "No provider lists the model 'mystery-9'. Configured models: main,big, main,small, "
              "main,org/Model-X, Other,big, Other,deep.");
    EXPECT_EQ(route(asked("x,y"), Config()).error().message.find("Configured providers: none.") ==
                  std::string::npos,
              false);
}

TEST(Route, AMisspeltNameIsMetWithTheOneThatWasMeant) {
    const Config c = full_config();
    EXPECT_NE(route(asked("depe"), c).error().message.find("Did you mean Other,deep?"),
              std::string::npos);
    EXPECT_NE(route(asked("mian,big"), c).error().message.find("Did you mean main?"),
              std::string::npos);
}

TEST(Route, ALongListOfModelsIsCut) {
    Config c;
    c.providers = {provider("many", {})};
    for (int i = 0; i < 500; ++i) c.providers[0].models.push_back(fmt::format("model-{}", i));
    c.index_models();
    const std::string message = route(asked("xyzzy"), c).error().message;
    EXPECT_NE(message.find("and 492 more"), std::string::npos) << message;
}

// A claude name is never answered with a 404, whatever is configured: the client would give up on
// its model.
TEST(Route, ClaudeNamesAreNeverNotFoundWhereADefaultWorks) {
    for (const char* name :
         {"claude-opus-5-5", "claude-haiku-5-5", "claude-sonnet-4-5-20250929", "claude-"}) {
        EXPECT_TRUE(route(asked(name), full_config())) << name;
    }
}

TEST(Route, FallbacksFollowTheirScenario) {
    Config c = full_config();
    c.routing.fallback = {{"default", {ref("other,big"), ref("gone,x")}},
                          {"think", {ref("main,big"), ref("other,big")}}};
    const auto names = [](const Decision& decision) {
        std::string out;
        for (const Attempt& attempt : decision.attempts)
            out += fmt::format("{},{} ", attempt.provider->name, attempt.model);
        return out;
    };
    const auto plain = route(asked("claude-opus-5-5"), c);
    EXPECT_EQ(names(*plain), "main,big Other,big ");
    EXPECT_NE(plain->because.back().find("gone"), std::string::npos);
    EXPECT_EQ(names(*route(with(asked("claude-opus-5-5"), 1, false, true), c)),
              "Other,deep main,big Other,big ");
    EXPECT_EQ(names(*route(with(asked("claude-opus-5-5"), 1, true, false), c)), "main,search ");
}

// --- facts ---

struct Raised {
    const char* model;
    chat::Thinking::Mode mode;
    std::int64_t budget;
    std::optional<chat::Effort> effort;
    bool raised;
};
class ThinkingRaised : public testing::TestWithParam<Raised> {};

TEST_P(ThinkingRaised, IsAboveTheClientsOwnDefault) {
    chat::Conversation c;
    c.model = json::Text::from_escaped(GetParam().model);
    c.thinking = chat::Thinking{GetParam().mode, GetParam().budget, {}};
    c.effort = GetParam().effort;
    EXPECT_EQ(!thought_of(c, {}).raised_by.empty(), GetParam().raised);
}

using Mode = chat::Thinking::Mode;
using chat::Effort;
INSTANTIATE_TEST_SUITE_P(
    Table, ThinkingRaised,
    testing::Values(Raised{"claude-opus-5-5", Mode::adaptive, 0, {}, false},
                    Raised{"claude-opus-5-5", Mode::adaptive, 0, Effort::medium, false},
                    Raised{"claude-opus-5-5", Mode::adaptive, 0, Effort::high, true},
                    Raised{"claude-opus-5-5", Mode::off, 0, Effort::max, false},
                    Raised{"main,big", Mode::adaptive, 0, Effort::high, false},
                    Raised{"main,big", Mode::adaptive, 0, Effort::xhigh, true},
                    Raised{"claude-sonnet-4-5", Mode::budget, 31'999, {}, false},
                    Raised{"claude-sonnet-4-5", Mode::budget, 10'000, {}, true}));

TEST(Facts, ASearchRequestOffersNothingElse) {
    chat::Conversation c;
    c.model = json::Text::literal("claude-opus-5-5");
    const auto is_search = [&] { return gather(c, Protocol::anthropic, {}, {}).web_search; };
    EXPECT_FALSE(is_search());
    chat::Tool tool;
    tool.name = json::Text::literal("web_search");
    c.tools.push_back(tool);
    EXPECT_FALSE(is_search());  // a function of the client's own
    c.tools[0].server_type = json::Text::literal("web_search_20250305");
    EXPECT_TRUE(is_search());
    c.tools.push_back(tool);
    EXPECT_FALSE(is_search());  // a conversation that may search on the way
}

TEST(Facts, TheDiscoveryPrefixComesOffOnlyWhereItWasPut) {
    config::Routing routing;
    routing.models.push_back({config::ModelName::Kind::alias, "fast", ref("main,small")});
    const auto asked = [&](std::string_view model) {
        return std::string(without_discovery_prefix(model, routing));
    };
    EXPECT_EQ(asked("anthropic:openrouter,x-ai/grok-4"), "openrouter,x-ai/grok-4");
    EXPECT_EQ(asked("anthropic:Fast"), "Fast");
    EXPECT_EQ(asked("anthropic:claude-x"), "anthropic:claude-x");
    EXPECT_EQ(asked("openrouter,anthropic:x"), "openrouter,anthropic:x");
    EXPECT_EQ(asked(""), "");
}

}  // namespace
}  // namespace ccr::route
