#include "manifest/value_path.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ccr::manifest {
namespace {

using Json = nlohmann::ordered_json;

std::string with(const char* before, std::string_view path, const char* value) {
    Json root = Json::parse(before);
    const auto set = set_value(root, path, Json::parse(value));
    return set ? root.dump() : "error: " + set.error().message;
}

TEST(ValuePath, SetsMembersAndElements) {
    EXPECT_EQ(with("{}", "Router.default", R"("p,m")"), R"({"Router":{"default":"p,m"}})");
    EXPECT_EQ(with(R"({"Providers":[{"name":"a"}]})", "Providers[0].api_key", R"("k")"),
              R"({"Providers":[{"name":"a","api_key":"k"}]})");
    EXPECT_EQ(with("{}", "a[1][0].b", "1"), R"({"a":[null,[{"b":1}]]})");
}

// The reference makes an object of it.
TEST(ValuePath, X11AListIsMadeBeforeANumber) {
    EXPECT_EQ(with("{}", "Providers[0]", R"({"name":"a"})"), R"({"Providers":[{"name":"a"}]})");
}

TEST(ValuePath, X11NamesWithHyphensAreWhole) {
    EXPECT_EQ(with("{}", "headers.x-api-key", R"("k")"), R"({"headers":{"x-api-key":"k"}})");
}

TEST(ValuePath, NamesMayBeQuotedAsForOtherCommands) {
    EXPECT_EQ(with("{}", "models[\"gpt-4.1\"].vision", "true"),
              R"({"models":{"gpt-4.1":{"vision":true}}})");
}

TEST(ValuePath, X11NamesOfJavaScriptsOwnAreRefused) {
    for (const char* path : {"__proto__.a", "a.constructor.b", "prototype"})
        EXPECT_TRUE(with("{}", path, "1").starts_with("error: ")) << path;
}

TEST(ValuePath, WhatIsNoPlaceIsTold) {
    for (const char* path : {"", ".", "a..b", "a.", "a[", "a[1000]", "a[]"})
        EXPECT_TRUE(with("{}", path, "1").starts_with("error: ")) << path;
    EXPECT_TRUE(with(R"({"a":"text"})", "a.b", "1").starts_with("error: "));
    EXPECT_TRUE(with(R"({"a":[]})", "a.b", "1").starts_with("error: "));
}

}  // namespace
}  // namespace ccr::manifest
