#include "config/nearest.h"

#include <gtest/gtest.h>

namespace ccr::config {
namespace {

const std::vector<std::string> kNames{"deepseek", "openrouter", "ollama", "PROXY_URL", "PORT"};

TEST(Nearest, FindsWhatWasMeant) {
    EXPECT_EQ(nearest("deepsek", kNames), "deepseek");
    EXPECT_EQ(nearest("deepseke", kNames), "deepseek");
    EXPECT_EQ(nearest("OpenRouter", kNames), "openrouter");
    EXPECT_EQ(nearest("open-router", kNames), "openrouter");
    EXPECT_EQ(nearest("proxyUrl", kNames), "PROXY_URL");
    EXPECT_EQ(nearest("prot", kNames), "PORT");
}

TEST(Nearest, LeavesStrangersAlone) {
    EXPECT_EQ(nearest("gemini", kNames), "");
    EXPECT_EQ(nearest("", kNames), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), kNames), "");
    EXPECT_EQ(nearest("x", std::vector<std::string>{}), "");
}

TEST(Listed, CutsLongLists) {
    EXPECT_EQ(listed({"a", "b"}), "a, b");
    EXPECT_EQ(listed({"a", "b", "c"}, 2), "a, b and 1 more");
    EXPECT_EQ(listed({}), "");
}

}  // namespace
}  // namespace ccr::config
