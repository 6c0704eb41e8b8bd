#include "cli/service_unit.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

TEST(ServiceUnit, NamesTheProgramAndTheVariables) {
    const std::string unit = service_unit("/opt/my tools/100%/ccr", "/home/me/.config/ccr.env");
    EXPECT_NE(unit.find("ExecStart=\"/opt/my tools/100%%/ccr\" start\n"), std::string::npos)
        << unit;
    EXPECT_NE(unit.find("ExecReload=\"/opt/my tools/100%%/ccr\" restart\n"), std::string::npos)
        << unit;
    EXPECT_NE(unit.find("EnvironmentFile=-/home/me/.config/ccr.env\n"), std::string::npos) << unit;
    EXPECT_EQ(unit.find("copy it"), std::string::npos);
    EXPECT_NE(unit.find("[Install]\nWantedBy=default.target"), std::string::npos);
}

TEST(ServiceUnit, VariablesSurviveTheirFile) {
    const Variables variables{{"A", "plain"},
                              {"B", "with \"quotes\", \\ and $dollars `ticks`"},
                              {"C", ""},
                              {"D", "two\nlines"},
                              {"E", "#=;"}};
    EXPECT_EQ(variables_of(environment_text(variables)), variables);
    EXPECT_EQ(variables_of("# a comment\nA=x\n\n;B=no\nC=\"y\"\nnonsense\n"),
              (Variables{{"A", "x"}, {"C", "y"}}));
}

}  // namespace
}  // namespace ccr::cli
