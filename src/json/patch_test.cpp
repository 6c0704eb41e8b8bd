#include "json/patch.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/random_json_fixture.h"

namespace ccr::json {
namespace {

using Model = nlohmann::ordered_json;

std::string after(std::string text, const Patches& patches) {
    return apply_patches(std::move(text), patches);
}

TEST(Patch, SetReplacesAddsAndMakesTheWay) {
    EXPECT_EQ(after(R"({"a": 1 })", {set_value("/a", "2")}), R"({"a": 2 })");
    EXPECT_EQ(after(R"({"a":1})", {set_value("/b", "[]")}), R"({"a":1,"b":[]})");
    EXPECT_EQ(after("{}", {set_value("/b", "1"), set_value("/c", "2")}), R"({"b":1,"c":2})");
    EXPECT_EQ(after(R"({"a":1})", {set_value("/x/y/z", "3")}), R"({"a":1,"x":{"y":{"z":3}}})");
    EXPECT_EQ(after(R"({"a":[1]})", {set_value("/a/-", "2")}), R"({"a":[1,2]})");
    EXPECT_EQ(after(R"({"a":1})", {set_value("/a/b", "2")}), R"({"a":1})");
    EXPECT_EQ(after(R"({})", {set_value("/x/*/y", "2")}), R"({})");
}

TEST(Patch, DefaultFillsWhatIsAbsentOrNull) {
    const Patches patches = {set_default("/a", "9"), set_default("/b", "9"),
                             set_default("/c", "9")};
    EXPECT_EQ(after(R"({"a":1,"b":null})", patches), R"({"a":1,"b":9,"c":9})");
}

TEST(Patch, DeleteTakesMembersAndElements) {
    EXPECT_EQ(after(R"({"a":1, "b":2,"c":3})", {remove_value("/a"), remove_value("/b")}),
              R"({"c":3})");
    EXPECT_EQ(after(R"({"a":1})", {remove_value("/a"), set_value("/b", "1")}), R"({"b":1})");
    EXPECT_EQ(after(R"({"t":[{"x":1,"k":0},{"k":0},{"y":1}]})", {remove_value("/t/*/k")}),
              R"({"t":[{"x":1},{},{"y":1}]})");
    EXPECT_EQ(after(R"({"t":[1,2,3]})", {remove_value("/t/1")}), R"({"t":[1,3]})");
}

TEST(Patch, RenameKeepsTheValueAndNeverMakesATwin) {
    const Patches patches = {rename_member("/max_tokens", "max_completion_tokens")};
    EXPECT_EQ(after(R"({"max_tokens" : 5 })", patches), R"({"max_completion_tokens" : 5 })");
    EXPECT_EQ(after(R"({"max_tokens":5,"max_completion_tokens":6})", patches),
              R"({"max_tokens":5,"max_completion_tokens":6})");
}

TEST(Patch, ClampBoundsNumbersOnly) {
    WirePatch both = clamp_most("/n", 1000000);
    both.least = 1;
    EXPECT_EQ(after(R"({"n":2000000})", {both}), R"({"n":1000000})");
    EXPECT_EQ(after(R"({"n":0.5})", {both}), R"({"n":1})");
    EXPECT_EQ(after(R"({"n":7.0})", {both}), R"({"n":7.0})");
    EXPECT_EQ(after(R"({"n":"2000000"})", {both}), R"({"n":"2000000"})");
}

TEST(Patch, ConditionsLookFromTheRootAndFromTheValue) {
    WirePatch usage = set_value("/o", R"({"u":true})");
    usage.when = PatchCondition{"/stream", "true"};
    EXPECT_EQ(after(R"({"stream":true})", {usage}), R"({"stream":true,"o":{"u":true}})");
    EXPECT_EQ(after(R"({"stream":false})", {usage}), R"({"stream":false})");

    WirePatch role = set_value("/m/*/role", R"("user")");
    role.where = PatchCondition{"", R"("system")"};
    EXPECT_EQ(after(R"({"m":[{"role":"system"},{"role":"assistant"}]})", {role}),
              R"({"m":[{"role":"user"},{"role":"assistant"}]})");

    WirePatch block = remove_value("/s/*");
    block.where = PatchCondition{"/text", "x-head", PatchCondition::Kind::starts_with};
    EXPECT_EQ(after(R"({"s":[{"text":"x-header: 1"},{"text":"x"}]})", {block}),
              R"({"s":[{"text":"x"}]})");
}

TEST(Patch, PointersEscapeSlashAndTilde) {
    EXPECT_EQ(after(R"({"a/b":1,"c~d":2})", {remove_value("/a~1b"), set_value("/c~0d", "3")}),
              R"({"c~d":3})");
    EXPECT_EQ(check_pointer("/a/b"), "");
    EXPECT_NE(check_pointer("a"), "");
    EXPECT_NE(check_pointer("/"), "");
    EXPECT_NE(check_pointer("/a~2"), "");
}

// What another library does with the same pointers is the truth; members no patch names keep
// their bytes.
TEST(Patch, RandomPatchesDoWhatAnotherLibraryDoes) {
    Random r(7);
    for (int i = 0; i < 1500; ++i) {
        std::string text = "{\"kept\":" + random_blanks(r) + random_value(r, 3);
        std::string kept = text.substr(8);
        kept.erase(kept.find_last_not_of(" \t\r\n") + 1);
        for (const char* name : {"a", "b", "c"}) {
            if (r.chance(0.6)) text += std::string(",\"") + name + "\":" + random_value(r, 2);
        }
        text += "}";
        Model expected = Model::parse(text);
        Patches patches;
        for (int n = 0; n < 4; ++n) {
            const std::string name(1, "abcd"[r.below(4)]);
            if (r.chance(0.5)) {
                patches.push_back(remove_value("/" + name));
                expected.erase(name);
            } else {
                patches.push_back(set_value("/" + name, "{\"n\":1}"));
                expected[name] = Model::parse("{\"n\":1}");
            }
        }
        const std::string patched = after(text, patches);
        const Model got = Model::parse(patched, nullptr, false);
        ASSERT_FALSE(got.is_discarded()) << text << "\n" << patched;
        // Member order may differ: compare as unordered.
        ASSERT_EQ(nlohmann::json::parse(got.dump()), nlohmann::json::parse(expected.dump()))
            << text << "\n"
            << patched;
        ASSERT_TRUE(patched.find(kept) != std::string::npos) << patched;
    }
}

TEST(Patch, ThatChangesNothingReturnsTheVeryBytes) {
    const std::string text = "{ \"model\" : \"m\" ,\n \"messages\":[ {\"role\":\"user\"} ] }";
    const Patches patches = {remove_value("/x"),
                             remove_value("/messages/*/content/*/cache_control"),
                             clamp_most("/max_tokens", 5), rename_member("/y", "z")};
    EXPECT_EQ(after(text, patches), text);
}

}  // namespace
}  // namespace ccr::json
