#include "json/splice.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/random_json_fixture.h"

namespace ccr::json {
namespace {

using Model = nlohmann::ordered_json;

// The bytes before the first and behind the last place of difference must be the same ones.
void expect_untouched_outside(std::string_view before, std::string_view after, View edited) {
    const std::string_view head = before.substr(0, edited.begin());
    const std::string_view tail = before.substr(edited.end());
    EXPECT_TRUE(after.starts_with(head)) << after;
    EXPECT_TRUE(after.ends_with(tail)) << after;
}

std::string random_array(Random& r, std::size_t size) {
    std::string text = random_blanks(r) + "[";
    for (std::size_t i = 0; i < size; ++i) text += (i > 0 ? "," : "") + random_value(r, 2);
    return text + random_blanks(r) + "]" + random_blanks(r);
}

TEST(Splice, CuttingElementsIsWhatAnotherLibraryWouldDo) {
    Random r(1);
    for (int i = 0; i < 2000; ++i) {
        const std::string text = "{\"a\":" + random_array(r, r.below(7)) + ",\"z\":1 }";
        Document document;
        const View array = (*document.parse(text))["a"];
        std::vector<bool> keep;
        Model expected = Model::parse(text);
        Model kept = Model::array();
        for (const Model& element : expected["a"]) {
            keep.push_back(r.chance(0.5));
            if (keep.back()) kept.push_back(element);
        }
        expected["a"] = kept;
        std::vector<Splice> splices;
        cut_elements(array, keep, splices);
        const std::string after = json::apply(text, splices);
        ASSERT_EQ(Model::parse(after), expected) << text << "\n" << after;
        expect_untouched_outside(text, after, array);
    }
}

TEST(Splice, WhatIsKeptKeepsItsBytes) {
    const std::string text = R"([ "a" ,  "b",{"x" : 1} , 4 ])";
    Document document;
    const View root = *document.parse(text);
    const auto after = [&](std::vector<bool> keep) {
        std::vector<Splice> splices;
        cut_elements(root, keep, splices);
        return json::apply(text, splices);
    };
    EXPECT_EQ(after({true, true, true, true}), text);
    EXPECT_EQ(after({false, true, true, true}), R"([ "b",{"x" : 1} , 4 ])");
    EXPECT_EQ(after({true, false, true, true}), R"([ "a",{"x" : 1} , 4 ])");
    EXPECT_EQ(after({true, true, false, false}), R"([ "a" ,  "b" ])");
    EXPECT_EQ(after({false, true, false, true}), R"([ "b" , 4 ])");
    EXPECT_EQ(after({false, false, false, false}), "[  ]");
}

TEST(Splice, CuttingAMemberIsWhatAnotherLibraryWouldDo) {
    Random r(2);
    for (int i = 0; i < 2000; ++i) {
        const std::string text = random_container(r, 3, true);
        Document document;
        const View root = *document.parse(text);
        Model expected = Model::parse(text);
        std::string key = "no such member";
        if (!expected.empty() && r.chance(0.9))
            key = std::next(expected.begin(), static_cast<long>(r.below(expected.size()))).key();
        expected.erase(key);
        std::vector<Splice> splices;
        cut_member(root, key, splices);
        const std::string after = json::apply(text, splices);
        ASSERT_EQ(Model::parse(after), expected) << text << "\n" << after;
    }
}

TEST(Splice, ReplacingAndAddingTouchNothingElse) {
    Random r(3);
    for (int i = 0; i < 2000; ++i) {
        const std::string text = random_container(r, 3, true);
        Document document;
        const View root = *document.parse(text);
        Model expected = Model::parse(text);
        std::vector<Splice> splices{add_member(root, "added", "[1]")};
        if (!expected.empty()) {
            const auto chosen =
                std::next(expected.begin(), static_cast<long>(r.below(expected.size())));
            splices.push_back(replace(root[chosen.key()], "\"new\""));
            chosen.value() = "new";
        }
        expected["added"] = Model::array({1});
        ASSERT_EQ(Model::parse(json::apply(text, splices)), expected) << text;
    }
}

TEST(Splice, OrderOfSplicesDoesNotMatter) {
    const std::string text = R"({"a":1,"b":2,"c":3})";
    Document document;
    const View root = *document.parse(text);
    const std::vector<Splice> forward{replace(root["a"], "10"), replace(root["b"], "20"),
                                      replace(root["c"], "30")};
    const std::vector<Splice> backward(forward.rbegin(), forward.rend());
    EXPECT_EQ(json::apply(text, forward), R"({"a":10,"b":20,"c":30})");
    EXPECT_EQ(json::apply(text, backward), json::apply(text, forward));
    EXPECT_EQ(json::apply(text, {}), text);
}

}  // namespace
}  // namespace ccr::json
