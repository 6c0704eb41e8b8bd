#include "config/json5.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

Json read(std::string_view text) {
    auto document = parse_json5(text, "f");
    if (!document) {
        ADD_FAILURE() << text << ": " << document.error().message;
        return {};
    }
    return *document->root;
}

std::string error_of(std::string_view text) {
    const auto document = parse_json5(text, "f");
    return document ? "accepted: " + document->root->dump() : document.error().message;
}

struct Accepted {
    std::string_view json5, json;
};

class Json5Accepts : public testing::TestWithParam<Accepted> {};

TEST_P(Json5Accepts, AndMeansTheSame) {
    EXPECT_EQ(read(GetParam().json5), Json::parse(GetParam().json));
}

constexpr Accepted kObjects[] = {
    {"{}", "{}"},
    {"{a:1}", R"({"a":1})"},
    {"{a:1,}", R"({"a":1})"},
    {"{'a':1,\"b\":2}", R"({"a":1,"b":2})"},
    {"{$:1,_:2,$a_9:3}", R"({"$":1,"_":2,"$a_9":3})"},
    {"{\xE6\xA8\xA1\xE5\x9E\x8B:1}", R"({"模型":1})"},
    {"{\xC3\xB9nicode:1}", R"({"ùnicode":1})"},
    {"{\\u0061b:1, a\\u0063:2}", R"({"ab":1,"ac":2})"},
    {"{a\xE2\x80\x8C:1}", "{\"a\xE2\x80\x8C\":1}"},
    {"{null:1,true:2,Infinity:3,NaN:4}", R"({"null":1,"true":2,"Infinity":3,"NaN":4})"},
    {"{a:1,a:2}", R"({"a":2})"},
    {"{a:1,b:0,a:2}", R"({"a":2,"b":0})"},
    {"{__proto__:1}", R"({"__proto__":1})"},
    {"{'':1}", R"({"":1})"},
    {"{a:{b:{c:[]}}}", R"({"a":{"b":{"c":[]}}})"},
    {"[]", "[]"},
    {"[1,]", "[1]"},
    {"[[],{},[[]]]", "[[],{},[[]]]"},
    {"null", "null"},
    {"[true,false,null]", "[true,false,null]"},
};
INSTANTIATE_TEST_SUITE_P(Objects, Json5Accepts, testing::ValuesIn(kObjects));

constexpr Accepted kNumbers[] = {
    {"0", "0"},
    {"+1", "1"},
    {"-1", "-1"},
    {"-0x10", "-16"},
    {"0xDECAF", "912559"},
    {"0XdeCAF", "912559"},
    {"+0x7fffffffffffffff", "9223372036854775807"},
    {"0x10000000000000000", "18446744073709551616.0"},
    {".5", "0.5"},
    {"5.", "5.0"},
    {"-.5e1", "-5.0"},
    {"5.e-1", "0.5"},
    {"1E3", "1000.0"},
    {"1e+3", "1000.0"},
    {"9223372036854775807", "9223372036854775807"},
    {"9223372036854775808", "9223372036854775808.0"},
    {"123456789012345678901234567890", "1.2345678901234568e29"},
    {"1e-400", "0.0"},
    {"0.0e999999999999999999999", "0.0"},
    {"0", "0"},
    {"0.0", "0.0"},
};
INSTANTIATE_TEST_SUITE_P(Numbers, Json5Accepts, testing::ValuesIn(kNumbers));

constexpr Accepted kStrings[] = {
    {"'a'", R"("a")"},
    {R"('"')", R"("\"")"},
    {R"("'")", R"("'")"},
    {R"('\'\"\\\/')", R"("'\"\\/")"},
    {R"('\b\f\n\r\t\v\0')", R"("\b\f\n\r\t\u000b\u0000")"},
    {R"('\x41\u0042')", R"("AB")"},
    {R"('\uD83D\uDE00')", R"("😀")"},
    {R"('\uD83D')", R"("�")"},
    {R"('\uD83Dx\uDE00')", R"("�x�")"},
    {R"('\uD83D\uD83D\uDE00')", R"("�😀")"},
    {"'\\uD83D\\\n\\uDE00'", R"("😀")"},
    {R"('\a\q\$')", R"("aq$")"},
    {"'a\\\nb'", R"("ab")"},
    {"'a\\\r\nb'", R"("ab")"},
    {"'a\\\rb'", R"("ab")"},
    {"'a\\\xE2\x80\xA8"
     "b\\\xE2\x80\xA9"
     "c'",
     R"("abc")"},
    {"'\xE2\x80\xA8\xE2\x80\xA9'", "\"\xE2\x80\xA8\xE2\x80\xA9\""},
    {"'\t'", R"("\t")"},
    {"'\x01'", R"("\u0001")"},
    {"'// no /* comment */'", R"("// no /* comment */")"},
    {"''", R"("")"},
};
INSTANTIATE_TEST_SUITE_P(Strings, Json5Accepts, testing::ValuesIn(kStrings));

constexpr Accepted kBlanks[] = {
    {"\xEF\xBB\xBF[1]", "[1]"},
    {"[\xEF\xBB\xBF"
     "1]",
     "[1]"},
    {"\t\v\f \xC2\xA0\n\r\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\x82\xE3\x80\x80\xE1\x9A\x80[1]", "[1]"},
    {"// a\n[1] // b", "[1]"},
    {"// a\r[1]", "[1]"},
    {"// a\xE2\x80\xA8[1]", "[1]"},
    {"/* a * / ** */[/**/1/***/]", "[1]"},
    {"{/*a*/b/*c*/:/*d*/1/*e*/,/*f*/}", R"({"b":1})"},
};
INSTANTIATE_TEST_SUITE_P(Blanks, Json5Accepts, testing::ValuesIn(kBlanks));

TEST(Json5, NumbersThatJsonCannotHold) {
    EXPECT_EQ(read("Infinity").get<double>(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read("+Infinity").get<double>(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read("-Infinity").get<double>(), -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(read("NaN").get<double>()));
    EXPECT_TRUE(std::isnan(read("-NaN").get<double>()));
    EXPECT_EQ(read("1e999").get<double>(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read("-1e99999999999999999999").get<double>(),
              -std::numeric_limits<double>::infinity());
    for (const char* zero : {"-0", "-0.0", "-0x0", "-.0", "-1e-999"}) {
        EXPECT_TRUE(std::signbit(read(zero).get<double>())) << zero;
        EXPECT_EQ(read(zero).get<double>(), 0.0) << zero;
    }
}

TEST(Json5, WholeNumbersStayWhole) {
    EXPECT_EQ(read("3456").dump(), "3456");
    EXPECT_EQ(read("0x10").dump(), "16");
    EXPECT_EQ(read("9007199254740993").dump(), "9007199254740993");
}

struct Refused {
    std::string_view text, place, message;
};

class Json5Refuses : public testing::TestWithParam<Refused> {};

TEST_P(Json5Refuses, SayingWhereAndWhat) {
    const std::string error = error_of(GetParam().text);
    EXPECT_TRUE(error.starts_with(fmt::format("f:{}: ", GetParam().place))) << error;
    EXPECT_THAT(error, HasSubstr(GetParam().message));
}

constexpr Refused kRefused[] = {
    {"", "1:1", "file is empty; write at least {}"},
    {" // only a comment\n", "2:1", "file is empty"},
    {"{a:1 b:2}", "1:5", "missing comma: another item follows at 1:6"},
    {"{\n  a: 'x' // c\n  b: 2}", "2:9", "missing comma: another item follows at 3:3"},
    {"[1 2]", "1:3", "missing comma: '2' follows at 1:4"},
    {"['a' 'b']", "1:5", "missing comma"},
    {"{a:{} b:1}", "1:6", "missing comma"},
    {"{a 1}", "1:4", "write ':' between a name and its value"},
    {"{a=1}", "1:3", "found '='; write ':'"},
    {"{a}", "1:3", "where ':' should be"},
    {"{a:}", "1:4", "found '}' where a value should be"},
    {"{a:,}", "1:4", "found ',' where a value should be"},
    {"{a:1;b:2}", "1:5", "found ';'; write ','"},
    {"{a:1:2}", "1:5", "found ':' after a value"},
    {"{,}", "1:2", "one ',' too many"},
    {"{a:1,,b:2}", "1:6", "one ',' too many"},
    {"[,]", "1:2", "one ',' too many"},
    {"[1,,2]", "1:4", "one ',' too many"},
    {"{1a:1}", "1:2", "may not begin with a digit"},
    {"{a-b:1}", "1:3", "where ':' should be"},
    {"{", "1:2", "the file ends inside the object that was opened at 1:1; add '}'"},
    {"{a:1", "1:5", "opened at 1:1; add '}'"},
    {"{\n a:[1,\n", "3:1", "the file ends inside the list that was opened at 2:4; add ']'"},
    {"{a:[1}", "1:6", "found '}' but the list opened at 1:4 ends with ']'"},
    {"[{a:1]", "1:6", "found ']' but the object opened at 1:2 ends with '}'"},
    {"[{]", "1:3", "found ']' but the object opened at 1:2"},
    {"[}", "1:2", "found '}' but the list opened at 1:1"},
    {"{}}", "1:3", "after the end of the configuration"},
    {"{} {}", "1:4", "after the end of the configuration"},
    {"a:1", "1:1", "text without quotes"},
    {"'a':1", "1:4", "enclose everything in one { }"},
    {"{a:'x\n}", "1:4",
     "string that begins here is not closed when the line ends at 1:6; add the closing '"},
    {"{a:\"x", "1:4", "is not closed when the file ends at 1:6; add the closing \""},
    {"'\\", "1:1", "is not closed"},
    {"{a: \xE2\x80\x9Cx\xE2\x80\x9D}", "1:5", "write \" instead"},
    {"{\xE2\x80\x9C"
     "a\xE2\x80\x9D: 1}",
     "1:2", "found '\xE2\x80\x9C' (U+201C), which JSON5 does not know; write \" instead"},
    {"{a: 1\xEF\xBC\x8C"
     "b: 2}",
     "1:6", "write , instead"},
    {"{a\xEF\xBC\x9A 1}", "1:3", "write : instead"},
    {"{a: `x`}", "1:5", "write \" instead"},
    {"# note\n{}", "1:1", "a comment begins with //"},
    {"{} # note", "1:4", "a comment begins with //"},
    {"/* a", "1:1", "comment is never closed"},
    {"{a:1 / b}", "1:6", "single '/'"},
    {"{a: True}", "1:5", "found True; JSON5 writes it true"},
    {"{a: None}", "1:5", "JSON5 writes it null"},
    {"{a: undefined}", "1:5", "JSON5 writes it null"},
    {"{a: sk-secret-word}", "1:5", "found text without quotes; put it in quotes"},
    {"{a: 12ab}", "1:5", "number is followed by 'a'; put text in quotes"},
    {"{a: 1.2.3}", "1:5", "number is followed by '.'"},
    {"{a: 007}", "1:5", "may not begin with 0"},
    {"{a: -}", "1:5", "where a digit should be"},
    {"{a: .}", "1:5", "where a digit should be"},
    {"{a: +-1}", "1:5", "where a digit should be"},
    {"{a: -x}", "1:5", "sign that no number follows"},
    {"{a: 0x}", "1:5", "0x needs"},
    {"{a: 0xg}", "1:5", "0x needs"},
    {"{a: 1e}", "1:5", "exponent of this number has no digits"},
    {"'\\x4'", "1:2", "needs 2 hexadecimal digits"},
    {"'\\u12'", "1:2", "needs 4 hexadecimal digits"},
    {"'C:\\users'", "1:4", "write a backslash in text as \\\\"},
    {"'\\1'", "1:2", "a digit after '\\'"},
    {"'\\01'", "1:2", "octal"},
    {"{\\x61:1}", "1:2", "only \\u escapes"},
    {"{\\u0031:1}", "1:2", "may not stand in a name"},
    {"{\xC3\x97:1}", "1:2", "where a name should be"},
    {"\r\n\r\n\xE6\xA8\xA1 x", "3:1", "text without quotes"},
    {"/*\xE2\x80\xA8\r\n*/ \xF0\x9F\x98\x80", "3:4", "where a value should be"},
    {"['\xF0\x9F\x98\x80', @]", "1:7", "found '@'"},
    {"\xFF\xFE{\0", "1:1", "looks like UTF-16"},
};
INSTANTIATE_TEST_SUITE_P(All, Json5Refuses, testing::ValuesIn(kRefused));

TEST(Json5, DepthHasALimit) {
    const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(parse_json5(nested(kMaxDepth), "f"));
    EXPECT_THAT(error_of(nested(kMaxDepth + 1)),
                HasSubstr("f:1:201: nested more than 200 levels deep"));
    EXPECT_THAT(error_of(std::string(100'000, '{')),
                HasSubstr("f:1:2: found '{' where a name should be"));
    std::string side_by_side = "[";
    for (int i = 0; i < 1000; ++i) side_by_side += "[{}],";
    EXPECT_TRUE(parse_json5(side_by_side + "]", "f"));
}

TEST(Json5, KnowsPlaces) {
    const auto document = parse_json5("{\r\n\t'a/b': [1,\xE2\x80\xA8 {~c:0}],\n}", "f");
    EXPECT_FALSE(document);
    const auto good = parse_json5(
        "\xEF\xBB\xBF{\r\n\t'a/b': [1,\xE2\x80\xA8 {'~c':0}],\n '\xF0\x9F\x98\x80': 2}", "f");
    ASSERT_TRUE(good);
    const auto expect = [&](const std::string& pointer, Place name, Place value) {
        const auto span = good->spans.find(pointer);
        ASSERT_NE(span, good->spans.end()) << pointer;
        EXPECT_EQ(std::pair(span->second.name.line, span->second.name.column),
                  std::pair(name.line, name.column));
        EXPECT_EQ(std::pair(span->second.value.line, span->second.value.column),
                  std::pair(value.line, value.column));
    };
    expect("", {1, 1}, {1, 1});
    expect("/a~1b", {2, 2}, {2, 9});
    expect("/a~1b/0", {2, 10}, {2, 10});
    expect("/a~1b/1", {3, 2}, {3, 2});
    expect("/a~1b/1/~0c", {3, 3}, {3, 8});
    expect("/\xF0\x9F\x98\x80", {4, 2}, {4, 7});
}

TEST(Json5, DuplicateKeysAreReported) {
    const auto document = parse_json5("{a:1,\n a:2, b:{a:1}, 'a':3}", "f");
    ASSERT_TRUE(document);
    ASSERT_EQ(document->findings.size(), 2u);
    EXPECT_EQ(to_string(document->findings[0]),
              "f:2:2: warning: \"a\" stands twice in this object, first at 1:2; this later one "
              "counts, remove the "
              "other");
    EXPECT_EQ(document->root->dump(), R"({"a":3,"b":{"a":1}})");
}

TEST(Json5, IllFormedUtf8IsMendedAndReported) {
    const auto document = parse_json5("{\n a: 'x\xE9', // caf\xE9\n}", "f");
    ASSERT_TRUE(document);
    ASSERT_EQ(document->findings.size(), 1u);
    EXPECT_EQ(document->findings[0].code, "invalid-utf8");
    EXPECT_EQ(document->findings[0].place.line, 2);
    EXPECT_EQ(document->findings[0].place.column, 7);
    EXPECT_EQ((*document->root)["a"], "x\xEF\xBF\xBD");
}

// Any value, written as JSON by nlohmann, reads back the same.
Json random_value(std::mt19937& random, int depth) {
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    static const std::vector<std::string> kTexts = {"",   "a",      "$X", "'",  "\"",   "\\",
                                                    "\n", "\u2028", "😀", "模", "\x01", "/*"};
    switch (pick(depth > 4 ? 5 : 7)) {
        case 0:
            return nullptr;
        case 1:
            return pick(2) == 0;
        case 2:
            return static_cast<std::int64_t>(random()) - 2'000'000'000;
        case 3:
            return std::ldexp(static_cast<double>(random()), pick(200) - 100);
        case 4:
            return kTexts[pick(12)] + kTexts[pick(12)];
        case 5: {
            Json list = Json::array();
            for (int i = pick(5); i > 0; --i) list.push_back(random_value(random, depth + 1));
            return list;
        }
        default: {
            Json object = Json::object();
            for (int i = pick(5); i > 0; --i)
                object[kTexts[pick(12)]] = random_value(random, depth + 1);
            return object;
        }
    }
}

TEST(Json5Property, ReadsEverythingThatJsonWrites) {
    std::mt19937 random(20240601);
    for (int i = 0; i < 3000; ++i) {
        const Json value = random_value(random, 0);
        ASSERT_EQ(read(value.dump(i % 3 == 0 ? 2 : -1, ' ', i % 2 == 0)), value);
    }
}

constexpr std::string_view kSample =
    "// c\n{a: 'x\\u0041', \"b\": [1, .5, -0x1F, +Infinity, NaN, true, null,],\r\n /* k */ c: {d: "
    "\"\\\n\",}, "
    "\\u0065: '\xF0\x9F\x98\x80'}";

void expect_sound(const std::string& text) {
    static const std::regex kPlaced("^f:[1-9][0-9]*:[1-9][0-9]*: [^;]+;? .*");
    const auto document = parse_json5(text, "f");
    if (document) return;
    EXPECT_TRUE(std::regex_match(document.error().message, kPlaced)) << document.error().message;
}

TEST(Json5Property, TruncatedTextsAreRefusedWithAPlace) {
    for (std::size_t i = 0; i < kSample.size(); ++i) {
        const std::string cut(kSample.substr(0, i));
        EXPECT_FALSE(parse_json5(cut, "f")) << cut;
        expect_sound(cut);
    }
}

TEST(Json5Property, CorruptedTextsNeverCrash) {
    std::mt19937 random(7);
    constexpr std::string_view kBytes = "{}[]:,'\"\\/*\n\r\t u0x19-+.eINn\xEF\xE2\x80\xA8\xFF\0";
    for (int i = 0; i < 30'000; ++i) {
        std::string text(kSample);
        for (unsigned changes = 1 + random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % text.size();
            const char byte = kBytes[random() % kBytes.size()];
            switch (random() % 3) {
                case 0:
                    text[at] = byte;
                    break;
                case 1:
                    text.insert(at, 1, byte);
                    break;
                default:
                    text.erase(at, 1);
            }
        }
        expect_sound(text);
    }
}

}  // namespace
}  // namespace ccr::config
