#include "base/wildcard.h"

#include <gtest/gtest.h>

#include <string>

namespace ccr {
namespace {

TEST(Wildcard, StarsStandForAnyRun) {
    for (const auto& [pattern, text] : std::initializer_list<std::pair<const char*, const char*>>{
             {"", ""},
             {"*", ""},
             {"*", "x"},
             {"abc", "aBC"},
             {"a*", "a"},
             {"a*c", "abc"},
             {"*haiku*", "claude-HAIKU-5-5"},
             {"a**b", "a--b"},
             {"*ab", "aab"},
             {"a*b*c", "abbcc"},
             {"mcp__*__run", "mcp__x__run"}}) {
        EXPECT_TRUE(matches_wildcard(pattern, text)) << pattern << " " << text;
    }
    for (const auto& [pattern, text] :
         std::initializer_list<std::pair<const char*, const char*>>{{"", "x"},
                                                                    {"abc", "abcd"},
                                                                    {"abc", "ab"},
                                                                    {"a*c", "acb"},
                                                                    {"ab*ba", "aba"},
                                                                    {"*a*b*", "ba"},
                                                                    {"claude-*", "xclaude-"}}) {
        EXPECT_FALSE(matches_wildcard(pattern, text)) << pattern << " " << text;
    }
}

TEST(Wildcard, ContainsLooksAnywhere) {
    EXPECT_TRUE(contains_wildcard("deploy", "please DEPLOY it"));
    EXPECT_TRUE(contains_wildcard("fix*typo", "Fix that little typo."));
    EXPECT_TRUE(contains_wildcard("*", ""));
    EXPECT_FALSE(contains_wildcard("typo*fix", "Fix that little typo."));
    EXPECT_FALSE(contains_wildcard("deploy", ""));
}

TEST(Wildcard, ManyStarsStayFast) {
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "*a";
    EXPECT_FALSE(matches_wildcard(pattern + "b", std::string(20'000, 'a')));
}

}  // namespace
}  // namespace ccr
