#include "config/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "config/config_fixture.h"
#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace {

using fixture::environment;
using testing::HasSubstr;

TEST(ConfigPath, OptionThenVariableThenHome) {
    const Environment all = environment({{"HOME", "/home/u"}, {"CCR_CONFIG", "/c.json"}});
    EXPECT_EQ(config_path("/o.json", all), "/o.json");
    EXPECT_EQ(config_path("", all), "/c.json");
    EXPECT_EQ(config_path("~/o.json", all), "/home/u/o.json");
    EXPECT_EQ(config_path("", environment({{"HOME", "/home/u"}, {"CCR_CONFIG", ""}})),
              "/home/u/.claude-code-router/config.json");
    EXPECT_EQ(config_path("", environment({{"HOME", "/home/u"}, {"CCR_CONFIG", "~/x"}})),
              "/home/u/x");
}

TEST(HomeDirectory, OfTheEnvironmentOrTheUser) {
    EXPECT_EQ(home_directory(environment({{"HOME", "/home/u/"}})), "/home/u/.claude-code-router");
    EXPECT_EQ(home_directory(environment({{"HOME", "/"}})), "/.claude-code-router");
    const std::string user = home_directory(environment());
    EXPECT_TRUE(user.starts_with('/') && user.ends_with("/.claude-code-router")) << user;
}

TEST(ProcessEnvironment, ReadsVariables) {
    ASSERT_EQ(::setenv("CCR_LOADER_TEST", "x y", 1), 0);
    EXPECT_EQ(process_environment()("CCR_LOADER_TEST"), "x y");
    ::unsetenv("CCR_LOADER_TEST");
    EXPECT_EQ(process_environment()("CCR_LOADER_TEST"), std::nullopt);
}

class LoadConfig : public testing::Test {
  protected:
    fixture::TemporaryDirectory directory_;
    std::string file_ = (directory_.path() / "config.json").string();
};

TEST_F(LoadConfig, AFile) {
    std::ofstream(file_) << "{PORT: 4000, Providers: [], X: '" << std::string(50'000, 'x') << "'}";
    const auto config = load_config(file_, environment());
    ASSERT_TRUE(config);
    EXPECT_EQ(config->listen.port, 4000);
    EXPECT_EQ(config->file, file_);
    EXPECT_NE(config->fingerprint, 0u);
}

TEST_F(LoadConfig, AMissingFileIsTheDemo) {
    const auto config = load_config(file_, environment({{"SERVICE_PORT", "4001"}}));
    ASSERT_TRUE(config);
    EXPECT_TRUE(config->demo);
    EXPECT_EQ(config->fingerprint, 0u);
    EXPECT_EQ(config->listen.port, 4001);
    EXPECT_EQ(config->file, file_);
    EXPECT_TRUE(load_config(file_ + "/below", environment()));
}

TEST_F(LoadConfig, WhatCannotBeRead) {
    const auto directory = load_config("/", environment());
    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error().message, HasSubstr("/: cannot be read: "));
    std::ofstream(file_) << "{";
    const auto broken = load_config(file_, environment());
    ASSERT_FALSE(broken);
    EXPECT_TRUE(broken.error().message.starts_with(file_ + ":1:2: ")) << broken.error().message;
    if (::geteuid() != 0) {
        ASSERT_EQ(::chmod(file_.c_str(), 0), 0);
        const auto closed = load_config(file_, environment());
        ASSERT_FALSE(closed);
        EXPECT_THAT(closed.error().message, HasSubstr("check the path and its permissions"));
    }
}

TEST_F(LoadConfig, FingerprintsTellVersionsApart) {
    const auto fingerprint = [&](const char* text) {
        return parse_config(text, "f", environment())->fingerprint;
    };
    EXPECT_EQ(fingerprint("{}"), fingerprint("{}"));
    EXPECT_NE(fingerprint("{}"), fingerprint("{ }"));
}

}  // namespace
}  // namespace ccr::config
