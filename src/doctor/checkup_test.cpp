// What happens to a round of checkups when something goes wrong in it.
#include "doctor/checkup.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "config/loader.h"

namespace ccr::doctor {
namespace {

config::Config with_two_providers() {
    const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
    auto config = config::parse_config(
        "{Providers: ["
        "{name: 'p', api_base_url: 'http://127.0.0.1:9/v1/chat/completions', api_key: 'k', models: "
        "['m', 'n']}, "
        "{name: 'q', api_base_url: 'http://127.0.0.1:9/v1/chat/completions', api_key: 'k', models: "
        "['m']}]}",
        "c.json", nothing);
    EXPECT_TRUE(config);
    return std::move(*config);
}

TEST(CheckUp, ADefectInOneProvidersThreadEndsNothingElse) {
    const config::Config config = with_two_providers();
    const Progress fails_at_p = [](const std::string& target, std::string_view) {
        if (target.starts_with("p,")) throw std::runtime_error("a planted defect");
    };
    std::size_t ended = 0;
    const Results results = check_up(config, {{"p", "m", {}}, {"p", "n", {}}, {"q", "m", {}}},
                                     fails_at_p, [&](const Checkup&) { ++ended; });
    ASSERT_EQ(results.checkups.size(), 3u);
    for (const std::size_t of_p : {0, 1}) {
        EXPECT_EQ(results.checkups[of_p].first.kind, kDefect);
        EXPECT_NE(results.checkups[of_p].first.message.find("a planted defect"), std::string::npos);
    }
    EXPECT_FALSE(results.checkups[2].first.connected());
    EXPECT_EQ(ended, 1u);
}

}  // namespace
}  // namespace ccr::doctor
