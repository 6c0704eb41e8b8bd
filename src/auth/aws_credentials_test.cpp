#include "auth/aws_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::auth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kFile =
    "# mine\n"
    "[default]\r\n"
    "aws_access_key_id = AKIADEFAULT\r\n"
    "aws_secret_access_key=s/e+c=ret\r\n"
    "\n"
    "[profile work]\n"
    "  aws_access_key_id = AKIAWORK\n"
    "aws_secret_access_key = work-secret\n"
    "aws_session_token = FwoG//=\n"
    "; nothing of this\n"
    "[signed-in]\n"
    "sso_session = x\n";

TEST(AwsProfile, IsFoundByName) {
    const auto own = aws_profile(kFile, "default");
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ(own->access_key_id, "AKIADEFAULT");
    EXPECT_EQ(own->secret_access_key, "s/e+c=ret");
    EXPECT_EQ(own->session_token, "");
    const auto work = aws_profile(kFile, "work");
    ASSERT_TRUE(work);
    EXPECT_EQ(work->access_key_id, "AKIAWORK");
    EXPECT_EQ(work->session_token, "FwoG//=");
}

TEST(AwsProfile, WhatIsMissingIsNamed) {
    EXPECT_THAT(aws_profile(kFile, "absent").error().message, HasSubstr("no profile absent"));
    EXPECT_THAT(aws_profile("", "default").error().message, HasSubstr("no profile default"));
    EXPECT_THAT(aws_profile(kFile, "signed-in").error().message,
                HasSubstr("export-credentials --profile signed-in"));
    EXPECT_EQ(aws_profile("[x", "x").error().kind, ErrorKind::permission);
}

TEST(AwsCredentials, SettingsWinOverTheFile) {
    config::AwsSettings settings;
    settings.access_key_id = "A";
    settings.secret_access_key = "S";
    settings.credentials_file = "/nowhere/at-all";
    EXPECT_EQ(aws_credentials(settings)->secret_access_key, "S");
    settings.access_key_id.clear();
    EXPECT_THAT(aws_credentials(settings).error().message,
                AllOf(HasSubstr("AWS_ACCESS_KEY_ID"), Not(HasSubstr("/nowhere"))));
}

}  // namespace
}  // namespace ccr::auth
