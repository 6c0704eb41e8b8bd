#include "auth/google_grant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/rsa_key_fixture.h"
#include "base/base64.h"
#include "base/percent.h"
#include "json/document.h"

namespace ccr::auth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr WallTime kNow{std::chrono::seconds(1'784'448'000)};

const fixture::RsaKey& key() {
    static const fixture::RsaKey made;
    return made;
}

GoogleCredentials service_account() {
    GoogleCredentials out;
    out.token_uri = "https://oauth2.googleapis.com/token";
    out.client_email = "robot@p.iam.gserviceaccount.com";
    out.private_key = key().pem();
    out.private_key_id = "kid-1";
    return out;
}

GoogleCredentials user() {
    GoogleCredentials out;
    out.kind = GoogleCredentials::Kind::authorized_user;
    out.token_uri = "https://oauth2.googleapis.com/token";
    out.client_id = "id";
    out.client_secret = "s&c";
    out.refresh_token = "1//r";
    return out;
}

TEST(GoogleGrant, TheAssertionIsSignedAndSaysWhatGoogleAsks) {
    const auto jwt = service_account_jwt(service_account(), kNow);
    ASSERT_TRUE(jwt) << jwt.error().message;
    const std::size_t first = jwt->find('.'), second = jwt->rfind('.');
    const std::string header = *base64url_decode(jwt->substr(0, first));
    const std::string claims = *base64url_decode(jwt->substr(first + 1, second - first - 1));
    EXPECT_EQ(header, R"({"alg":"RS256","typ":"JWT","kid":"kid-1"})");
    EXPECT_EQ(claims,
              R"({"iss":"robot@p.iam.gserviceaccount.com",)"
              R"("scope":"https://www.googleapis.com/auth/cloud-platform",)"
              R"("aud":"https://oauth2.googleapis.com/token","iat":1784448000,"exp":1784451600})");
    EXPECT_TRUE(
        key().signed_by(jwt->substr(0, second), *base64url_decode(jwt->substr(second + 1))));
    EXPECT_FALSE(key().signed_by("other", *base64url_decode(jwt->substr(second + 1))));
}

TEST(GoogleGrant, TheRequestOfAServiceAccount) {
    const auto request = token_request(service_account(), kNow);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->url, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(request->headers.get("content-type"), "application/x-www-form-urlencoded");
    EXPECT_THAT(request->body,
                StartsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"
                           "assertion=eyJ"));
}

TEST(GoogleGrant, TheRequestOfAUser) {
    EXPECT_EQ(token_request(user(), kNow)->body,
              "grant_type=refresh_token&client_id=id&client_secret=s%26c&refresh_token=1%2F%2Fr");
}

TEST(GoogleGrant, TheRequestToTheMetadataServer) {
    GoogleCredentials credentials;
    credentials.kind = GoogleCredentials::Kind::metadata;
    credentials.token_uri = "http://metadata/token";
    const auto request = token_request(credentials, kNow);
    EXPECT_EQ(request->method, "GET");
    EXPECT_EQ(request->headers.get("metadata-flavor"), "Google");
}

TEST(GoogleGrant, AKeyThatIsNoneIsNamed) {
    for (const std::string pem : {"", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"}) {
        GoogleCredentials broken = service_account();
        broken.private_key = pem;
        const auto request = token_request(broken, kNow);
        ASSERT_FALSE(request);
        EXPECT_EQ(request.error().kind, ErrorKind::permission);
        EXPECT_EQ(request.error().fault, Fault::config);
        EXPECT_THAT(request.error().message, HasSubstr("private_key"));
    }
}

Result<AccessToken> answered(int status, std::string body, net::Headers headers = {}) {
    return read_token_answer(service_account(), {status, std::move(headers), std::move(body)},
                             kNow);
}

TEST(GoogleGrant, ATokenAndItsLife) {
    const auto token = answered(200, R"({"access_token":"ya29.x","expires_in":3599})");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->value, "ya29.x");
    EXPECT_EQ(token->lives.count(), 3599);
    EXPECT_EQ(answered(200, R"({"access_token":"t"})")->lives.count(), 3600);
    EXPECT_EQ(answered(200, "{}").error().kind, ErrorKind::upstream_protocol);
    EXPECT_EQ(answered(200, "<html>").error().kind, ErrorKind::upstream_protocol);
}

constexpr std::string_view kInvalidGrant =
    R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be short-lived"})";

TEST(GoogleGrant, AWrongClockIsSaid) {
    // kNow is 2026-07-19T08:00:00Z.
    const auto behind =
        answered(400, std::string(kInvalidGrant), {{"Date", "Sun, 19 Jul 2026 08:10:00 GMT"}});
    EXPECT_THAT(behind.error().message,
                AllOf(HasSubstr("invalid_grant: Invalid JWT"), HasSubstr("600 s behind Google's")));
    const auto ahead =
        answered(400, std::string(kInvalidGrant), {{"Date", "Sun, 19 Jul 2026 07:58:00 GMT"}});
    EXPECT_THAT(ahead.error().message, HasSubstr("120 s ahead of Google's"));
    const auto right =
        answered(400, std::string(kInvalidGrant), {{"Date", "Sun, 19 Jul 2026 08:00:20 GMT"}});
    EXPECT_THAT(right.error().message, AllOf(Not(HasSubstr("clock")), HasSubstr("new key")));
}

TEST(GoogleGrant, ARefusedUserIsToldToSignInAgain) {
    const auto outcome = read_token_answer(
        user(), {400, {}, R"({"error":"invalid_grant","error_description":"Token revoked"})"},
        kNow);
    EXPECT_THAT(outcome.error().message, HasSubstr("gcloud auth application-default login"));
    EXPECT_EQ(outcome.error().kind, ErrorKind::permission);
    EXPECT_EQ(outcome.error().retry, Retry::next_target);
}

TEST(GoogleGrant, AnOutageIsNoFaultOfTheKey) {
    EXPECT_EQ(answered(503, "busy").error().kind, ErrorKind::upstream_failure);
    EXPECT_EQ(answered(429, "").error().kind, ErrorKind::upstream_failure);
}

}  // namespace
}  // namespace ccr::auth
