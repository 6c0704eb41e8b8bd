#include "cli/service_unit.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

TEST(ServiceUnit, NamesTheProgramAndTheVariables) {
    const std::string unit = service_unit("/opt/my tools/100%/ccr", {}, "/home/me/.config/ccr.env");
    EXPECT_NE(unit.find("ExecStart=\"/opt/my tools/100%%/ccr\" start\n"), std::string::npos)
        << unit;
    EXPECT_NE(unit.find("ExecReload=\"/opt/my tools/100%%/ccr\" restart\n"), std::string::npos)
        << unit;
    EXPECT_NE(unit.find("EnvironmentFile=-/home/me/.config/ccr.env\n"), std::string::npos) << unit;
    EXPECT_EQ(unit.find("copy it"), std::string::npos);
    EXPECT_NE(unit.find("[Install]\nWantedBy=default.target"), std::string::npos);
}

TEST(ServiceUnit, NamesTheFileAndThePortThatWereAskedFor) {
    Options options;
    const auto environment = [](std::string_view name) -> std::optional<std::string> {
        return name == "HOME" ? std::optional("/home/me") : std::nullopt;
    };
    EXPECT_TRUE(service_options(options, surroundings_of(options, environment)).empty());
    options.config_file = "/etc/my ccr.json";
    options.port = 4000;
    const auto words = service_options(options, surroundings_of(options, environment));
    const std::string unit = service_unit("/opt/ccr", words, "/e");
    for (const char* const line :
         {"ExecStart=\"/opt/ccr\" start \"--config\" \"/etc/my ccr.json\" \"--port\" \"4000\"\n",
          "ExecReload=\"/opt/ccr\" restart \"--config\" \"/etc/my ccr.json\" \"--port\" "
          "\"4000\"\n"})
        EXPECT_NE(unit.find(line), std::string::npos) << unit;
    const auto by_variable = [](std::string_view name) -> std::optional<std::string> {
        return name == "CCR_CONFIG" ? std::optional("/etc/other.json") : std::nullopt;
    };
    EXPECT_EQ(service_options({}, surroundings_of({}, by_variable)),
              (std::vector<std::string>{"--config", "/etc/other.json"}));
}

}  // namespace
}  // namespace ccr::cli
