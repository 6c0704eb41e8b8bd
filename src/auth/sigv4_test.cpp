// The signatures are those of AWS's published test suite (aws-sig-v4-test-suite): 2015-08-30,
// us-east-1, "service".
#include "auth/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::auth {
namespace {

using testing::HasSubstr;
using testing::Not;

const AwsCredentials kCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr std::chrono::system_clock::time_point kTime{std::chrono::seconds(1'440'938'160)};
constexpr AwsScope kScope{"us-east-1", "service", kTime};
constexpr std::string_view kToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfI"
    "eoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0"
    "wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDry"
    "pNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

struct Vector {
    std::string_view name, method, target, body;
    std::vector<std::pair<std::string, std::string>> headers;  // besides host and x-amz-date
    std::string_view signature;
};

const Vector kVectors[] = {
    {"get-vanilla",
     "GET",
     "/",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     "",
     {},
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/\u1234",
     "",
     {},
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-space",
     "GET",
     "/example space/",
     "",
     {},
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     "",
     {},
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-order-key",
     "GET",
     "/?Param1=value2&Param1=Value1",
     "",
     {},
     "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     "",
     {},
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-order-value",
     "GET",
     "/?Param1=value2&Param1=value1",
     "",
     {},
     "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789"
     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     "",
     {},
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     "GET",
     "/?\u1234=bar",
     "",
     {},
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     "",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     "GET",
     "/",
     "",
     {{"My-Header1", "value4"},
      {"My-Header1", "value1"},
      {"My-Header1", "value3"},
      {"My-Header1", "value2"}},
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     "GET",
     "/",
     "",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla",
     "POST",
     "/",
     "",
     {},
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query",
     "POST",
     "/?Param1=value1",
     "",
     {},
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-header-value-case",
     "POST",
     "/",
     "",
     {{"My-Header1", "VALUE1"}},
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     "Param1=value1",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"post-x-www-form-urlencoded-parameters",
     "POST",
     "/",
     "Param1=value1",
     {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
    {"post-sts-header-before",
     "POST",
     "/",
     "",
     {{"X-Amz-Security-Token", std::string(kToken)}},
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    {"get-relative",
     "GET",
     "/example/..",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash",
     "GET",
     "//",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     "",
     {},
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-slashes",
     "GET",
     "//example//",
     "",
     {},
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
};

class Published : public testing::TestWithParam<Vector> {};

TEST_P(Published, Signature) {
    const Vector& vector = GetParam();
    const std::string url = "https://example.amazonaws.com" + std::string(vector.target);
    AwsRequest request{vector.method, url, {}, vector.body};
    request.headers.add("Host", "example.amazonaws.com");
    request.headers.add("X-Amz-Date", amz_date(kTime));
    for (const auto& [name, value] : vector.headers) request.headers.add(name, value);
    const std::string got = authorization_v4(request, kCredentials, kScope);
    EXPECT_THAT(got, HasSubstr("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "));
    EXPECT_TRUE(got.ends_with("Signature=" + std::string(vector.signature)))
        << canonical_request(request);
}

INSTANTIATE_TEST_SUITE_P(All, Published, testing::ValuesIn(kVectors), [](const auto& at) {
    std::string name(at.param.name);
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(SigV4, AnIdInThePathIsEncodedTwice) {
    const AwsRequest request{
        "POST",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/invoke",
        {},
        "{}"};
    EXPECT_THAT(canonical_request(request),
                HasSubstr("POST\n/model/arn%253Aaws%253Abedrock%253Aus-east-1%253A1%253Ainference-"
                          "profile%252Fus.x-v1%253A0/invoke\n\n"));
}

TEST(SigV4, SignsWhatNoProxyTouches) {
    net::Headers headers{
        {"content-type", "application/json"}, {"user-agent", "u"}, {"accept", "a"}};
    AwsCredentials credentials = kCredentials;
    credentials.session_token = "session";
    sign_v4("http://127.0.0.1:8080/x", "{}", credentials, {"r", "bedrock", kTime}, headers);
    EXPECT_EQ(headers.get("x-amz-date"), "20150830T123600Z");
    EXPECT_EQ(headers.get("x-amz-security-token"), "session");
    EXPECT_THAT(std::string(headers.get("authorization").value_or("")),
                HasSubstr("/r/bedrock/aws4_request, "
                          "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "));
}

TEST(SigV4, TheHostIsSignedAsItIsSent) {
    const auto signature = [](std::string_view url) {
        net::Headers headers;
        sign_v4(url, "", kCredentials, kScope, headers);
        return std::string(headers.get("authorization").value_or(""));
    };
    EXPECT_EQ(signature("https://h:443/x"), signature("https://h/x"));
    EXPECT_EQ(signature("http://h:80/x"), signature("http://h/x"));
    EXPECT_NE(signature("https://h:80/x"), signature("https://h/x"));
    EXPECT_NE(signature("https://h:8443/x"), signature("https://h/x"));
}

TEST(SigV4, SigningAgainReplacesWhatWasSigned) {
    net::Headers headers{{"content-type", "application/json"}};
    sign_v4("https://h/x", "{}", kCredentials, kScope, headers);
    const std::string first(headers.get("authorization").value_or(""));
    sign_v4("https://h/x", "{}", kCredentials, kScope, headers);
    EXPECT_EQ(headers.get("authorization"), first);
    EXPECT_EQ(headers.count("authorization"), 1u);
    EXPECT_EQ(headers.count("x-amz-date"), 1u);
    EXPECT_THAT(first, Not(HasSubstr(kCredentials.secret_access_key)));
}

}  // namespace
}  // namespace ccr::auth
