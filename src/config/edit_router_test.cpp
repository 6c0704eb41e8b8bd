#include "config/edit_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::config {
namespace {

using testing::HasSubstr;

std::string set(std::string text, std::string_view key = "think", std::string value = "p,new") {
    auto out = edit_router(std::move(text), "f.json", key, value);
    return out ? *out : "error: " + out.error().message;
}

std::string unset(std::string text, std::string_view key = "think") {
    auto out = edit_router(std::move(text), "f.json", key, std::nullopt);
    return out ? *out : "error: " + out.error().message;
}

TEST(EditRouter, AValueIsReplacedWhereItStands) {
    EXPECT_EQ(set("{ // mine\n  Router: {think: 'p,old', /* x */ default: \"$V\",},\n}\n"),
              "{ // mine\n  Router: {think: \"p,new\", /* x */ default: \"$V\",},\n}\n");
    EXPECT_EQ(set("{Router:{think:null}}"), "{Router:{think:\"p,new\"}}");
    EXPECT_EQ(set("{Router:{think:{a:[1,'}']}, default:'d'}}"),
              "{Router:{think:\"p,new\", default:'d'}}");
    EXPECT_EQ(set("{router:{Long_Context:'a,\\'b'}}", "longContext"),
              "{router:{Long_Context:\"p,new\"}}");
    EXPECT_EQ(set("{\"ü\":'你好 🚀', Router:{'think':'x'}}"),
              "{\"ü\":'你好 🚀', Router:{'think':\"p,new\"}}");
}

TEST(EditRouter, ANewMemberComesLast) {
    EXPECT_EQ(set("{Router: {default: 'd'}}"), "{Router: {default: 'd', \"think\": \"p,new\"}}");
    EXPECT_EQ(set("{\n  Router: {\n    default: 'd',  // why\n  },\n}"),
              "{\n  Router: {\n    default: 'd',  // why\n    \"think\": \"p,new\",\n  },\n}");
    EXPECT_EQ(set("{Router: {}}"), "{Router: { \"think\": \"p,new\" }}");
    EXPECT_EQ(set("{PORT: 1}"), "{PORT: 1, \"Router\": { \"think\": \"p,new\" }}");
    EXPECT_EQ(set(""), "{\n  \"Router\": { \"think\": \"p,new\" }\n}\n");
    EXPECT_EQ(set("{}", "default", "p,a\"b"), "{ \"Router\": { \"default\": \"p,a\\\"b\" } }");
}

TEST(EditRouter, AMemberIsTakenOut) {
    EXPECT_EQ(unset("{Router: {think: 'x', default: 'd'}}"), "{Router: {default: 'd'}}");
    EXPECT_EQ(unset("{Router: {default: 'd', think: 'x'}}"), "{Router: {default: 'd'}}");
    EXPECT_EQ(unset("{Router: {think: 'x'}}"), "{Router: {}}");
    EXPECT_EQ(unset("{Router: {think: 'x' /* c */ , default: 'd'}}"), "{Router: {default: 'd'}}");
    EXPECT_EQ(unset("{Router: {default: 'd'}}"), "{Router: {default: 'd'}}");
    EXPECT_EQ(unset("{}"), "{}");
}

TEST(EditRouter, WhatCannotBeParsedOrEditedIsLeftAlone) {
    EXPECT_THAT(set("{Router: "), HasSubstr("error: f.json:1:"));
    EXPECT_THAT(set("[]"), HasSubstr("error: "));
    EXPECT_THAT(set("{Router: 'x'}"), HasSubstr("by hand"));
}

}  // namespace
}  // namespace ccr::config
