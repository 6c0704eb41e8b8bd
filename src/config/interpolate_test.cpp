#include "config/interpolate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Outcome {
    std::string text;
    std::vector<std::string> unresolved;
};

Outcome interpolated(const std::string& text, const fixture::Variables& variables,
                     const nlohmann::ordered_json& keys = nlohmann::ordered_json::object()) {
    Document document;
    *document.root = keys;
    (*document.root)["text"] = text;
    interpolate(document, fixture::environment(variables));
    Outcome outcome{(*document.root)["text"], {}};
    if (document.unresolved.contains("/text")) outcome.unresolved = document.unresolved["/text"];
    return outcome;
}

const fixture::Variables kVariables{{"A", "1"},     {"LONG_NAME9", "two"}, {"_U", "u"},
                                    {"lower", "l"}, {"EMPTY", ""},         {"DOLLAR", "$A"}};

struct Case {
    std::string_view text, expected;
};

class Interpolates : public testing::TestWithParam<Case> {};

TEST_P(Interpolates, AsTheReferenceDoes) {
    EXPECT_EQ(interpolated(std::string(GetParam().text), kVariables).text, GetParam().expected);
}

constexpr Case kCases[] = {
    {"$A", "1"},
    {"${A}", "1"},
    {"x$A-${LONG_NAME9}$_U", "x1-twou"},
    {"$LONG_NAME9x", "twox"},
    {"$A$A", "11"},
    {"${lower}", "l"},
    {"$lower", "$lower"},
    {"$", "$"},
    {"a$", "a$"},
    {"$ A", "$ A"},
    {"$1", "$1"},
    {"${}", "${}"},
    {"${A", "${A"},
    {"$NONE", "$NONE"},
    {"${NONE}x$A", "${NONE}x1"},
    {"$EMPTY", "$EMPTY"},
    {"$DOLLAR", "$A"},  // what a variable holds is not looked at again
    {"$$A", "$A"},
    {"$${A}", "${A}"},
    {"$$$A", "$$A"},
    {"pa$$word", "pa$$word"},
    {"$$", "$$"},
    {"${{cost}}", "${{cost}}"},
};
INSTANTIATE_TEST_SUITE_P(All, Interpolates, testing::ValuesIn(kCases));

TEST(Interpolate, NamesWhatIsMissing) {
    EXPECT_THAT(interpolated("$NONE ${other_one} $A $EMPTY", kVariables).unresolved,
                ElementsAre("NONE", "other_one", "EMPTY"));
    EXPECT_THAT(interpolated("${{cost}} $$NONE $lower", kVariables).unresolved, IsEmpty());
}

TEST(Interpolate, TopLevelKeysAreVariablesAfterTheEnvironment) {
    const nlohmann::ordered_json keys = {{"A", "key"},  {"N", 5},          {"F", true},
                                         {"S", "x$A"},  {"O", {{"a", 1}}}, {"LOOP", "$LOOP"},
                                         {"P1", "$P2"}, {"P2", "$P1"},     {"Z", nullptr}};
    EXPECT_EQ(interpolated("$A", kVariables, keys).text, "1");
    EXPECT_EQ(interpolated("$A", {}, keys).text, "key");
    EXPECT_EQ(interpolated("$N$F$S", kVariables, keys).text, "5truex1");
    EXPECT_THAT(interpolated("$O$LOOP$P1$Z", kVariables, keys).unresolved,
                ElementsAre("O", "LOOP", "P1", "Z"));
}

TEST(Interpolate, ReachesEveryStringButNoKey) {
    auto document =
        parse_json5("{Router: {default: '$P,$M'}, list: ['$P', {'$P': '$M'}], n: 1}", "f");
    ASSERT_TRUE(document);
    interpolate(*document, fixture::environment({{"P", "p"}, {"M", "m"}}));
    EXPECT_EQ(document->root->dump(),
              R"({"Router":{"default":"p,m"},"list":["p",{"$P":"m"}],"n":1})");
}

TEST(Interpolate, KeepsWhatSecretVariablesHold) {
    auto document = parse_json5("['$MY_API_KEY', '$PLAIN', '${GH_TOKEN}']", "f");
    ASSERT_TRUE(document);
    const auto outcome = interpolate(
        *document,
        fixture::environment({{"MY_API_KEY", "k-1"}, {"PLAIN", "p"}, {"GH_TOKEN", "t-1"}}));
    EXPECT_THAT(outcome.secrets, ElementsAre("k-1", "t-1"));
    EXPECT_THAT(outcome.names, ElementsAre("GH_TOKEN", "MY_API_KEY", "PLAIN"));
}

// Pieces whose meaning is known on their own; any sequence of them means the sequence of their
// meanings.
TEST(InterpolateProperty, IsTextual) {
    const std::vector<std::pair<std::string, std::string>> pieces = {
        {"$A ", "1 "},          {"${A}", "1"},
        {"${NONE}", "${NONE}"}, {"$NONE ", "$NONE "},
        {"plain", "plain"},     {"$${LONG_NAME9}", "${LONG_NAME9}"},
        {"模", "模"},           {"$lower", "$lower"},
        {"\"\\", "\"\\"},       {"}", "}"}};
    std::mt19937 random(11);
    for (int i = 0; i < 5000; ++i) {
        std::string text, expected;
        for (unsigned n = random() % 12; n > 0; --n) {
            const auto& [written, meant] = pieces[random() % pieces.size()];
            // "$" in front of a reference would escape it; no piece ends with one.
            text += written;
            expected += meant;
        }
        ASSERT_EQ(interpolated(text, kVariables).text, expected) << text;
    }
}

TEST(InterpolateProperty, WithoutVariablesNothingChanges) {
    std::mt19937 random(12);
    constexpr std::string_view kLetters = "${}AB_a1 x";
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (unsigned n = random() % 15; n > 0; --n)
            text.push_back(kLetters[random() % kLetters.size()]);
        const auto twice = text.find("$$");
        if (twice != std::string::npos) continue;  // escapes do change
        ASSERT_EQ(interpolated(text, {}).text, text);
    }
}

TEST(Interpolate, EscapedTextsComeBackAsTheyWere) {
    for (const char* const text : {"plain", "sk-a$A-b", "${A}", "$$A", "$$$A", "$lower", "$", "$$",
                                   "${", "${}", "a$A$LONG_NAME9${lower}$"})
        EXPECT_EQ(interpolated(escaped_literal(text), kVariables).text, text);
    for (const char* const name : {"A", "LONG_NAME9", "lower", "_U"})
        EXPECT_EQ(interpolated(*reference_to(name), kVariables).text, kVariables.at(name));
    for (const char* const wrong : {"", "$A", "1A", "a-b", "{A}"})
        EXPECT_FALSE(reference_to(wrong)) << wrong;
}

}  // namespace
}  // namespace ccr::config
