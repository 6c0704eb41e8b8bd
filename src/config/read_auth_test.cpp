#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using testing::HasSubstr;

Config with_one(std::string_view members) {
    return fixture::with_provider(fmt::format("{{name:'a',models:['m'],{}}}", members));
}

Provider one(std::string_view members) {
    return with_one(members).providers.at(0);
}

TEST(Auth, EveryKindHasAName) {
    for (const std::string_view name :
         {"bearer", "x-api-key", "query-key", "none", "api-key", "oauth", "sigv4", "google"}) {
        const auto auth = auth_of(name);
        ASSERT_TRUE(auth) << name;
        EXPECT_EQ(name_of(*auth), name);
    }
    EXPECT_EQ(auth_of("X_API_KEY"), Auth::x_api_key);
    EXPECT_EQ(auth_of("basic"), std::nullopt);
}

TEST(Auth, IsReadAndOtherwiseUnset) {
    constexpr std::string_view kRest = "api_base_url:'https://h/v1/messages',api_key:'k'";
    EXPECT_EQ(one(kRest).auth, std::nullopt);
    EXPECT_EQ(one(fmt::format("{},auth:'bearer'", kRest)).auth, Auth::bearer);
    const Config wrong = with_one(fmt::format("{},auth:'basic'", kRest));
    EXPECT_THAT(fixture::found(wrong, "invalid-value").message, HasSubstr("sigv4"));
    EXPECT_FALSE(wrong.providers.at(0).broken);
}

TEST(Auth, NoneNeedsNoKey) {
    EXPECT_FALSE(one("api_base_url:'https://h/v1/messages',auth:'none'").broken);
    EXPECT_TRUE(one("api_base_url:'https://h/v1/messages',auth:'bearer'").broken);
}

}  // namespace
}  // namespace ccr::config
