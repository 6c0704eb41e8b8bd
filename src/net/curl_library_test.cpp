#include "net/curl_library.h"

#include <gtest/gtest.h>

#include <string_view>
#include <thread>
#include <vector>

namespace ccr::net {
namespace {

TEST(CurlLibrary, EveryFunctionIsFound) {
    const auto loaded = load_curl();
    ASSERT_TRUE(loaded) << loaded.error().message;
#define CCR_EXPECT_FOUND(name) EXPECT_NE(curl().name, nullptr) << #name;
    CCR_CURL_FUNCTIONS(CCR_EXPECT_FOUND)
#undef CCR_EXPECT_FOUND
}

TEST(CurlLibrary, IsTheOneThatTheHeadersAreOf) {
    ASSERT_TRUE(load_curl());
    EXPECT_GE(curl().version_info(CURLVERSION_NOW)->version_num, LIBCURL_VERSION_NUM);
}

TEST(CurlLibrary, SeveralThreadsMayAskAtOnce) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([] {
            ASSERT_TRUE(load_curl());
            EXPECT_EQ(std::string_view(curl().easy_strerror(CURLE_OK)), "No error");
        });
    }
}

}  // namespace
}  // namespace ccr::net
