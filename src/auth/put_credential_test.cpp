#include "auth/put_credential.h"

#include <gtest/gtest.h>

namespace ccr::auth {
namespace {

using config::Auth;

struct Put {
    std::string url = "https://h/x";
    net::Headers headers{{"x-api-key", "of-the-codec"}, {"accept", "a"}};
};

Put put(Auth kind, std::string_view key = "k") {
    Put out;
    put_credential(kind, key, out.url, out.headers);
    return out;
}

TEST(PutCredential, EachKindInItsPlace) {
    EXPECT_EQ(put(Auth::bearer).headers.get("authorization"), "Bearer k");
    EXPECT_EQ(put(Auth::bearer).headers.get("x-api-key"), std::nullopt);
    EXPECT_EQ(put(Auth::x_api_key).headers.get("x-api-key"), "k");
    EXPECT_EQ(put(Auth::api_key).headers.get("api-key"), "k");
    EXPECT_EQ(put(Auth::none).headers.get("x-api-key"), std::nullopt);
    EXPECT_EQ(put(Auth::none).headers.get("accept"), "a");
    EXPECT_EQ(put(Auth::query_key, "a b&c").url, "https://h/x?key=a%20b%26c");
    EXPECT_EQ(put(Auth::bearer, "").headers.get("authorization"), std::nullopt);
}

TEST(PutCredential, AnOauthTokenBringsItsBeta) {
    Put once = put(Auth::oauth);
    EXPECT_EQ(once.headers.get("authorization"), "Bearer k");
    EXPECT_EQ(once.headers.get("anthropic-beta"), "oauth-2025-04-20");
    put_credential(Auth::oauth, "k", once.url, once.headers);
    EXPECT_EQ(once.headers.count("anthropic-beta"), 1u);
}

}  // namespace
}  // namespace ccr::auth
