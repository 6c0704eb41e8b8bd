#include "config/edit_json5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json5.h"

namespace ccr::config {
namespace {

using testing::HasSubstr;

KeyPath spelled(const std::string& text, const std::string& key) {
    const auto document = parse_json5(text, "f.json");
    return document ? spelled_in(Node::root_of(*document), *parse_key_path(key)) : KeyPath{key};
}

std::string put(const std::string& text, const std::string& key, const std::string& json) {
    auto out = set_value(text, "f.json", spelled(text, key), json);
    return out ? *out : "error: " + out.error().message;
}

std::string drop(const std::string& text, const std::string& key) {
    auto out = unset_value(text, "f.json", spelled(text, key));
    return out ? *out : "error: " + out.error().message;
}

TEST(EditJson5, AnythingIsReplacedWhereItStands) {
    EXPECT_EQ(put("{ // why\n  PORT: 3456, /* x */ LOG: true,\n}", "port", "4000"),
              "{ // why\n  PORT: 4000, /* x */ LOG: true,\n}");
    EXPECT_EQ(put("{a: {b: [1, {c: 'd'}]}}", "a.b[1].c", "\"e\""), "{a: {b: [1, {c: \"e\"}]}}");
    EXPECT_EQ(put("{a: 1}", "a", "{\n  \"b\": 2\n}"), "{a: {\n  \"b\": 2\n}}");
    EXPECT_EQ(put("{\n  a: 1\n}", "a", "[\n  2\n]"), "{\n  a: [\n    2\n  ]\n}");
}

TEST(EditJson5, ElementsOfAListGoByNumberOrByTheirNames) {
    const std::string text = "{Providers: [{name: 'x', models: ['m']}, {name: 'y'}]}";
    EXPECT_EQ(put(text, "providers.Y.api_key", "\"k\""),
              "{Providers: [{name: 'x', models: ['m']}, {name: 'y', \"api_key\": \"k\"}]}");
    EXPECT_EQ(put(text, "Providers.x.models[1]", "\"n\""),
              "{Providers: [{name: 'x', models: ['m', \"n\"]}, {name: 'y'}]}");
    EXPECT_EQ(drop(text, "Providers.x"), "{Providers: [{name: 'y'}]}");
    EXPECT_EQ(drop(text, "Providers[1]"), "{Providers: [{name: 'x', models: ['m']}]}");
    EXPECT_THAT(put(text, "Providers[7].name", "1"),
                HasSubstr("f.json:1:13: Providers is a list, which has no place for \"7\""));
    EXPECT_THAT(put(text, "Providers.x.name.z", "1"), HasSubstr("which has no place for \"z\""));
}

TEST(EditJson5, NewMembersStandOnLinesOfTheirOwnWhereTheOthersDo) {
    EXPECT_EQ(put("{\n  a: 1, // one\n  b: 2 // two\n}\n", "c", "3"),
              "{\n  a: 1, // one\n  b: 2, // two\n  \"c\": 3\n}\n");
    EXPECT_EQ(put("{\n  a: 1,\n  /* the end */\n}\n", "c", "3"),
              "{\n  a: 1,\n  /* the end */\n  \"c\": 3,\n}\n");
    EXPECT_EQ(put("{\n}\n", "a.b.c", "3"), "{\n  \"a\": { \"b\": { \"c\": 3 } }\n}\n");
    EXPECT_EQ(put("{ // nothing yet\n}\n", "a", "3"), "{ // nothing yet\n  \"a\": 3\n}\n");
    EXPECT_EQ(put("{\n\ta: [\n\t\t'x'\n\t]\n}", "a[1]", "{\n  \"b\": 1\n}"),
              "{\n\ta: [\n\t\t'x',\n\t\t{\n\t\t  \"b\": 1\n\t\t}\n\t]\n}");
}

TEST(EditJson5, ALineThatIsEmptiedGoes) {
    EXPECT_EQ(drop("{\n  a: 1,\n  b: 2,\n  c: 3\n}\n", "b"), "{\n  a: 1,\n  c: 3\n}\n");
    EXPECT_EQ(drop("{\n  a: 1,\n  c: 3\n}\n", "c"), "{\n  a: 1\n}\n");
    EXPECT_EQ(drop("{\n  a: 1,\n  c: 3, // why\n}\n", "c"), "{\n  a: 1,\n  // why\n}\n");
    EXPECT_EQ(drop("{\n  a: 1\n}\n", "a"), "{\n}\n");
    EXPECT_EQ(drop("{a: 1}", "b.c"), "{a: 1}");
}

TEST(EditJson5, ACommaInACommentSeparatesNothing) {
    EXPECT_EQ(drop("{\n  a: 1, // one,\n  c: 3\n}\n", "c"), "{\n  a: 1 // one,\n}\n");
    EXPECT_EQ(drop("{\n  a: 1 /* x, */, /* y, */ c: 3\n}\n", "c"),
              "{\n  a: 1 /* x, */ /* y, */ \n}\n");
    EXPECT_EQ(drop("{a: [1, // one,\n2]}", "a[1]"), "{a: [1 // one,\n]}");
    EXPECT_EQ(drop("{ // only,\n  c: 3\n}", "c"), "{ // only,\n}");
}

TEST(EditJson5, WhatIsNotSafeIsLeftToItsWriter) {
    EXPECT_THAT(drop("{a: 1, a: 2}", "a"), HasSubstr("cannot be edited safely; set a in it"));
    EXPECT_THAT(put("{a: ", "a", "1"), HasSubstr("error: f.json:1:"));
}

// Every value of a file replaced, and taken out, in turn: all the others stay what they are.
TEST(EditJson5, EveryPlaceOfAFileCanBeEdited) {
    const std::string text =
        "// top\n{\n  'a': [1, /* c */ {\"b\\u0041\": \"x,]}\"}, 'y\\'s'], // end\n"
        "  $d: {e: +.5, f: 0x1F, g: null,},\n  \"ü\": '你好', h: [[], {}],\n}\n// bottom\n";
    const auto document = parse_json5(text, "f.json");
    ASSERT_TRUE(document);
    std::size_t tried = 0;
    for (const auto& [pointer, span] : document->spans) {
        if (pointer.empty()) continue;
        KeyPath path;
        for (std::size_t at = 1; at <= pointer.size();) {
            const std::size_t end = std::min(pointer.find('/', at), pointer.size());
            path.push_back(pointer.substr(at, end - at));
            at = end + 1;
        }
        EXPECT_TRUE(set_value(text, "f.json", path, "{\"new\": [1]}")) << pointer;
        EXPECT_TRUE(unset_value(text, "f.json", path)) << pointer;
        ++tried;
    }
    EXPECT_GT(tried, 10u);
}

TEST(KeyPath, IsReadAndWritten) {
    for (const char* const text :
         {"Router.default", "Providers[0].models[1]", "traits.models[\"gpt-4.1\"].vision"})
        EXPECT_EQ(key_path_text(*parse_key_path(text)), text);
    EXPECT_EQ(*parse_key_path("a['b.c'][0]"), (KeyPath{"a", "b.c", "0"}));
    for (const char* const wrong : {"", ".", "a.", "a..b", "a[", "a[\"b]", "[]"})
        EXPECT_FALSE(parse_key_path(wrong)) << wrong;
}

TEST(KeyPath, KnowsWhatIsSecret) {
    EXPECT_TRUE(is_secret_path({"Providers", "0", "api_key"}));
    EXPECT_TRUE(is_secret_path({"Providers", "0", "api_keys", "0"}));
    EXPECT_TRUE(is_secret_path({"Providers", "0", "apiKeyCommand"}));
    EXPECT_TRUE(is_secret_path({"Providers", "0", "api_keys", "0", "command"}));
    EXPECT_TRUE(is_secret_path({"Providers", "0", "headers", "Cookie"}));
    EXPECT_FALSE(is_secret_path({"Plugins", "0", "command"}));
    EXPECT_TRUE(is_secret_path(
        {"plugins", "0", "options", "outputHandlers", "0", "config", "auth", "value"}));
    EXPECT_FALSE(is_secret_path({"Router", "default"}));
}

}  // namespace
}  // namespace ccr::config
