#include "cli/environment_file.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

TEST(EnvironmentFile, VariablesSurviveTheirFile) {
    const Variables variables{{"A", "plain"}, {"B", "with \"quotes\", \\ and $dollars `ticks`"},
                              {"C", ""},      {"D", "two\nlines"},
                              {"E", "#=;"},   {"F", "it's"}};
    EXPECT_EQ(variables_of(with_variables("", variables)), variables);
}

TEST(EnvironmentFile, IsReadAsSystemdReadsIt) {
    EXPECT_EQ(variables_of("# a comment\nA=x\n\n;B=no\nC=\"y\"\nnonsense\n"),
              (Variables{{"A", "x"}, {"C", "y"}}));
    EXPECT_EQ(
        variables_of("  A = 'o\"ne' \nB='two\nlines'\nC=a\\\nb\\\"  \nD='x'\"y\"\nE=it's\nF="),
        (Variables{{"A", "o\"ne"},
                   {"B", "two\nlines"},
                   {"C", "ab\""},
                   {"D", "xy"},
                   {"E", "it's"},
                   {"F", ""}}));
    EXPECT_EQ(variables_of("A='never closed"), (Variables{{"A", "never closed"}}));
    EXPECT_EQ(variables_of("A=1\nA=2\n"), (Variables{{"A", "2"}}));
}

TEST(EnvironmentFile, WhatIsNotSetAnewStaysAsItIs) {
    const std::string text =
        "# my keys\nB='it''s'\n\n; old\n#A=0\nA='one' \nC=unquoted # no comment";
    EXPECT_EQ(with_variables(text, {}), text);
    EXPECT_EQ(with_variables(text, {{"A", "one"}, {"B", "its"}}), text);
    EXPECT_EQ(with_variables(text, {{"A", "two"}, {"D", "$x"}}),
              "# my keys\nB='it''s'\n\n; old\n#A=0\nA=\"two\"\nC=unquoted # no comment\n"
              "D=\"\\$x\"\n");
    EXPECT_EQ(with_variables("A='1\n2'\nB=3\n", {{"A", "4"}}), "A=\"4\"\nB=3\n");
}

}  // namespace
}  // namespace ccr::cli
