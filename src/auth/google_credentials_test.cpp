#include "auth/google_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace ccr::auth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GoogleFiles : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        directory_ = std::filesystem::temp_directory_path() /
                     ("ccr-google-" + std::to_string(getpid()) + test->name());
        std::filesystem::create_directories(directory_);
        settings_.default_file = directory_ / "user.json";
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::string write(std::string_view name, std::string_view text) {
        const auto path = directory_ / name;
        std::ofstream(path) << text;
        return path;
    }
    std::string refusal() const {
        const auto got = google_credentials(settings_);
        return got ? "none" : got.error().message;
    }

    std::filesystem::path directory_;
    config::VertexSettings settings_;
};

constexpr std::string_view kUser =
    R"({"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r",)"
    R"("quota_project_id":"qp"})";
constexpr std::string_view kAccount =
    R"({"type":"service_account","project_id":"p","private_key_id":"k","private_key":"PEM\nX",)"
    R"("client_email":"e@x"})";

TEST_F(GoogleFiles, TheNamedFileWins) {
    write("user.json", kUser);
    settings_.credentials_file = write("account.json", kAccount);
    const auto got = google_credentials(settings_);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->kind, GoogleCredentials::Kind::service_account);
    EXPECT_EQ(got->private_key, "PEM\nX");
    EXPECT_EQ(got->project, "p");
    EXPECT_EQ(got->token_uri, "https://oauth2.googleapis.com/token");
}

TEST_F(GoogleFiles, ThenTheUsers) {
    write("user.json", kUser);
    settings_.metadata_host = "metadata";
    const auto got = google_credentials(settings_);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->kind, GoogleCredentials::Kind::authorized_user);
    EXPECT_EQ(got->project, "qp");
    EXPECT_EQ(got->quota_project, "qp");
}

TEST_F(GoogleFiles, ThenTheMetadataServerWhereOneIsNamed) {
    EXPECT_THAT(refusal(), HasSubstr("gcloud auth application-default login"));
    settings_.metadata_host = "169.254.169.254";
    const auto got = google_credentials(settings_);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->token_uri,
              "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token");
}

TEST_F(GoogleFiles, WhatIsWrongIsSaidWithoutThePath) {
    settings_.credentials_file = directory_ / "absent.json";
    EXPECT_THAT(refusal(), AllOf(HasSubstr("does not exist"), Not(HasSubstr(directory_.string()))));
    settings_.credentials_file = directory_;
    EXPECT_THAT(refusal(), AllOf(HasSubstr("directory"), Not(HasSubstr(directory_.string()))));
    settings_.credentials_file = write("bad.json", "{");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("not a JSON object"), Not(HasSubstr("bad.json"))));
    settings_.credentials_file = write("bad.json", R"({"type":"external_account"})");
    EXPECT_THAT(refusal(), HasSubstr("\"external_account\", which ccr cannot use"));
    settings_.credentials_file =
        write("bad.json", R"({"type":"service_account","client_email":"e","private_key":""})");
    EXPECT_THAT(refusal(), HasSubstr("has no private_key"));
    settings_.credentials_file = write("bad.json", R"({"type":"authorized_user","client_id":"i"})");
    EXPECT_THAT(refusal(), HasSubstr("has no client_secret"));
}

TEST_F(GoogleFiles, TokensAreKeptApart) {
    const auto account = parse_google_credentials(kAccount, "f");
    const auto person = parse_google_credentials(kUser, "f");
    ASSERT_TRUE(account && person);
    EXPECT_NE(account->identity(), person->identity());
    EXPECT_EQ(account->identity(), parse_google_credentials(kAccount, "f")->identity());
}

}  // namespace
}  // namespace ccr::auth
