#include "adapt/json_mender.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "json/document.h"
#include "json/random_json_fixture.h"

namespace ccr::adapt {
namespace {

std::string mended(std::string_view text, std::string_view schema = "", std::size_t piece = 1000) {
    std::string out;
    JsonMender mender(schema);
    for (std::size_t at = 0; at < text.size(); at += piece)
        mender.feed(text.substr(at, piece), out);
    mender.finish(out);
    return out;
}

struct Case {
    std::string_view broken, right;
};
constexpr Case kCases[] = {
    {"", "{}"},
    {"  ", "{}"},
    {"{}", "{}"},
    {"{'a': 'b'}", R"({"a": "b"})"},
    {"{a: 1}", R"({"a": 1})"},
    {R"({"a": True, "b": None})", R"({"a": true, "b": null})"},
    {R"({"a": 1,})", R"({"a": 1})"},
    {R"({"a": [1,2,],})", R"({"a": [1,2]})"},
    {R"({"a": 1 "b": 2})", R"({"a": 1, "b": 2})"},
    {R"({"a" 1})", R"({"a" :1})"},
    {R"({"a": "x)", R"({"a": "x"})"},
    {R"({"a": {"b": [1)", R"({"a": {"b": [1]}})"},
    {R"({"a":)", R"({"a":null})"},
    {R"({"a)", R"({"a":null})"},
    {R"({"a": [{"b": 1]})", R"({"a": [{"b": 1}]})"},
    {"{\"a\": \"x\ny\"}", R"({"a": "x\ny"})"},
    {R"({"a": "\d+"})", R"({"a": "\\d+"})"},
    {R"({"a": "say "hi" now"})", R"({"a": "say \"hi\" now"})"},
    {"```json\n{\"a\": 1}\n```", R"({"a": 1})"},
    {R"({"a": 1}} trailing)", R"({"a": 1})"},
    {R"("{\"a\": 1}")", R"({"a": 1})"},
    {R"(The "arguments" are {"a": 1})", R"({"a": 1})"},
    {R"({"a": foo})", R"({"a": "foo"})"},
};

TEST(JsonMender, MendsWhatWeakModelsWrite) {
    for (const Case& c : kCases) {
        for (const std::size_t piece : {1000u, 1u, 3u})
            EXPECT_EQ(mended(c.broken, "", piece), c.right) << c.broken << " by " << piece;
    }
}

TEST(JsonMender, ValidObjectsPassByteForByte) {
    json::Random r(3);
    for (int i = 0; i < 1500; ++i) {
        std::string text = "{\"k\":" + json::random_value(r, 3) + "}";
        ASSERT_EQ(mended(text, "", 1 + r.below(9)), text);
    }
}

TEST(JsonMender, AnyBytesBecomeAValidObject) {
    json::Random r(4);
    for (int i = 0; i < 3000; ++i) {
        std::string text = "{\"k\":" + json::random_value(r, 3) + "}";
        // Half a character cannot come: pieces are decoded from JSON texts.
        if (std::ranges::any_of(text, [](char c) { return static_cast<signed char>(c) < 0; }))
            continue;
        for (int n = 0; n < 3 && !text.empty(); ++n) {
            const std::size_t at = r.below(text.size());
            if (r.chance(0.5))
                text.erase(at, 1 + r.below(4));
            else
                text.insert(at, 1, "{}[]\",:'\\ax1 "[r.below(13)]);
        }
        const std::string out = mended(text);
        json::Document document;
        const auto root = document.parse(out);
        ASSERT_TRUE(root && root->is_object()) << text << "\n" << out;
        ASSERT_EQ(mended(text, "", 1), out) << text;
    }
}

TEST(JsonMender, TheSchemaSaysWhatATextStandsFor) {
    constexpr std::string_view kSchema = R"({"properties":{"n":{"type":"integer"},
        "list":{"type":"array"},"flag":{"type":["boolean","null"]},"text":{"type":"string"},
        "free":{}}})";
    EXPECT_EQ(mended(R"({"n":"5","list":"[1, {\"a\":\"b\"}]","flag":"true","text":"5","free":"5"})",
                     kSchema, 1),
              R"({"n":5,"list":[1, {"a":"b"}],"flag":true,"text":"5","free":"5"})");
    EXPECT_EQ(mended(R"({"n":"five"})", kSchema), R"({"n":"five"})");
}

TEST(JsonMender, WhatIsCertainLeavesAtOnce) {
    std::string out;
    JsonMender mender("");
    mender.feed(R"({"path": "/tmp/a", "content": "one two)", out);
    EXPECT_EQ(out, R"({"path": "/tmp/a", "content": "one two)");
}

}  // namespace
}  // namespace ccr::adapt
