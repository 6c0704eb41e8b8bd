#include "json/document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/random_json_fixture.h"

namespace ccr::json {
namespace {

using Model = nlohmann::ordered_json;

// The value that the views show, member by member.
Model seen_by(View view) {
    switch (view.kind()) {
        case Kind::null:
            return nullptr;
        case Kind::boolean:
            return *view.boolean();
        case Kind::number:
            return Model::parse(view.raw());
        case Kind::string:
            return view.text().decode();
        case Kind::array: {
            Model out = Model::array();
            for (const View element : view.elements()) out.push_back(seen_by(element));
            return out;
        }
        case Kind::object: {
            Model out = Model::object();
            for (const auto [key, value] : view.members())
                out[key.text().decode()] = seen_by(value);
            return out;
        }
    }
    return nullptr;
}

std::string complaint(std::string_view text, Limits limits = {}) {
    Document document;
    const auto root = document.parse(text, limits);
    return root ? "" : root.error().message;
}

TEST(Document, ShowsWhatAnotherParserSees) {
    Random r(1);
    Document document;
    for (int i = 0; i < 1500; ++i) {
        const std::string text = random_value(r, 5);
        const auto root = document.parse(text);
        ASSERT_TRUE(root) << root.error().message << "\n" << text;
        ASSERT_EQ(seen_by(*root), Model::parse(text)) << text;
    }
}

// What the other parser says no to and this one takes on purpose.
bool is_known_difference(const std::string& text) {
    try {
        const Model value = Model::parse(text);
        return text.starts_with("\xEF\xBB\xBF");  // it skips a byte order mark
    } catch (const nlohmann::json::exception& e) {
        const std::string_view why = e.what();
        return why.find("surrogate") != why.npos || why.find("number overflow") != why.npos;
    }
}

TEST(Document, AcceptsExactlyWhatAnotherParserAccepts) {
    Random r(2);
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = mutated(r, random_value(r, 3));
        Document document;
        const bool ours = document.parse(text).has_value();
        refused += !ours;
        EXPECT_TRUE(ours == Model::accept(text) || is_known_difference(text))
            << "accepted: " << ours << "\n"
            << text;
    }
    EXPECT_GT(refused, 5'000);  // the mutations do hurt
}

TEST(Document, EveryProperPrefixOfAnObjectIsRefused) {
    const std::string text =
        R"({"a":[1,-2.5e+3,true,false,null,"x\u00e9\n"],"b":{"c":{}},"d":"你好 🚂"})";
    ASSERT_EQ(complaint(text), "");
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_NE(complaint(std::string(text.substr(0, size))), "") << size;
    }
}

TEST(Document, DepthIsLimitedAndCostsNoCallStack) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(complaint(nested(256)), "");
    EXPECT_EQ(complaint(nested(257)), "line 1 column 257: nesting that is too deep");
    EXPECT_NE(complaint(nested(10'000)), "");
    EXPECT_EQ(complaint(nested(10'000), {.depth = 10'000}), "");
    EXPECT_NE(complaint(std::string(10'000, '['), {.depth = 20'000}), "");
    std::string objects;
    for (int i = 0; i < 10'000; ++i) objects += R"({"k":)";
    EXPECT_EQ(complaint(objects), "line 1 column 1281: nesting that is too deep");
}

struct RootKeys {
    const char* text;
    bool unique;
};
class UniqueRootKeys : public testing::TestWithParam<RootKeys> {};

TEST_P(UniqueRootKeys, AreRefusedOnlyWhereAsked) {
    EXPECT_EQ(complaint(GetParam().text), "");
    const std::string why = complaint(GetParam().text, {.unique_root_keys = true});
    if (GetParam().unique)
        EXPECT_EQ(why, "");
    else
        EXPECT_NE(why.find("a second member of the same name"), why.npos) << why;
}

INSTANTIATE_TEST_SUITE_P(
    Table, UniqueRootKeys,
    testing::Values(RootKeys{R"({"a":1,"b":2})", true}, RootKeys{R"({"a":1,"a":2})", false},
                    RootKeys{R"({"model":1,"x":[{"y":1}],"mod\u0065l":2})", false},
                    RootKeys{R"({"\u0061":1,"\u0061":2})", false},
                    RootKeys{R"({"":1,"":2})", false}, RootKeys{R"({"a":{"b":1,"b":2}})", true},
                    RootKeys{R"([{"a":1,"a":2}])", true},
                    RootKeys{R"({"a":{"a":1},"b":"a"})", true},
                    RootKeys{R"({"a":1,"A":2})", true}));

// A body of nothing but members must not cost the square of its size.
TEST(Document, ManyRootKeysAreToldApartQuickly) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) text += fmt::format("{}\"{}\":0", i > 0 ? "," : "", i);
    EXPECT_EQ(complaint(text + "}", {.unique_root_keys = true}), "");
    EXPECT_NE(complaint(text + ",\"7\":0}", {.unique_root_keys = true}), "");
}

TEST(Document, ErrorsNameThePlace) {
    EXPECT_EQ(complaint(""), "line 1 column 1: nothing; a JSON value was expected");
    EXPECT_EQ(complaint("{\n \"a\" 1}"), "line 2 column 6: no ':' after a member name");
    EXPECT_EQ(complaint("[1,\n2,\n x]"), "line 3 column 2: something that is no JSON value");
    EXPECT_EQ(complaint("{\"a\":1} x"),
              "line 1 column 9: more text after the end of the JSON value");
    EXPECT_EQ(complaint("[\"a\nb\"]"),
              "line 1 column 4: a control character inside a string, which must be escaped");
    EXPECT_EQ(complaint("{\"a\":1"),
              "line 1 column 7: the end of the text inside an object or array");
    EXPECT_EQ(complaint("{\"a\":\xff}"), "line 1 column 6: something that is no JSON value");
    EXPECT_EQ(complaint("[\"\u00e9\xff\"]"),
              "line 1 column 5: bytes inside a string that are not UTF-8");
}

TEST(Document, LoneSurrogatesPassAndReadAsReplacement) {
    Document document;
    const auto root = document.parse(R"(["\ud83d","\ude82x","\ud83d\u0041","\ud83d\ud83d\ude82"])");
    ASSERT_TRUE(root);
    std::vector<std::string> read;
    for (const View element : root->elements()) read.push_back(element.text().decode());
    EXPECT_EQ(read,
              (std::vector<std::string>{"\uFFFD", "\uFFFDx", "\uFFFD\u0041", "\uFFFD\U0001F682"}));
}

TEST(Document, InvalidUtf8IsRefusedWhereverItStands) {
    for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        EXPECT_NE(complaint(fmt::format("\"{}\"", bad)), "");
        EXPECT_NE(complaint(fmt::format("{{\"{}\":1}}", bad)), "");
        EXPECT_NE(complaint(fmt::format("[{}1]", bad)), "");
    }
}

TEST(View, NumbersReadAsWhatTheyAre) {
    const auto integer = [](std::string_view text) {
        Document document;
        return document.parse(text)->integer();
    };
    EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(integer("9223372036854775808"), std::nullopt);
    EXPECT_EQ(integer("1e3"), 1000);
    EXPECT_EQ(integer("5.0"), 5);
    EXPECT_EQ(integer("5.5"), std::nullopt);
    EXPECT_EQ(integer("1e300"), std::nullopt);
    EXPECT_EQ(integer("\"5\""), std::nullopt);
    EXPECT_EQ(integer("-0"), 0);
}

TEST(View, NothingAnswersEverything) {
    const View nothing;
    EXPECT_FALSE(nothing);
    EXPECT_FALSE(nothing["a"]["b"]);
    EXPECT_EQ(nothing.raw(), "");
    EXPECT_TRUE(nothing.text().empty());
    EXPECT_EQ(nothing.size(), 0u);
    EXPECT_FALSE(nothing.has_elements());
    EXPECT_FALSE(nothing.number() || nothing.integer() || nothing.boolean() || nothing.is_null());
}

TEST(View, RawBytesAndRangesAreTheSources) {
    const std::string text = R"( { "a" : [ 1 , "x\n" ] , "b" : { } } )";
    Document document;
    const View root = *document.parse(text);
    EXPECT_EQ(root.raw(), R"({ "a" : [ 1 , "x\n" ] , "b" : { } })");
    EXPECT_EQ(root["a"].raw(), R"([ 1 , "x\n" ])");
    EXPECT_EQ(text.substr(root["a"].begin(), root["a"].end() - root["a"].begin()), root["a"].raw());
    EXPECT_EQ(root["b"].raw(), "{ }");
    EXPECT_FALSE(root["b"].has_elements());
    EXPECT_EQ(root.size(), 2u);
    EXPECT_EQ(root["a"].size(), 2u);
}

TEST(Document, CanBeUsedAgainAfterAFailure) {
    Document document;
    EXPECT_FALSE(document.parse("{"));
    const auto root = document.parse("[1]");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->size(), 1u);
}

}  // namespace
}  // namespace ccr::json
