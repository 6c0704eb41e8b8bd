#include "json/text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/random_json_fixture.h"
#include "json/utf8.h"

namespace ccr::json {
namespace {

std::string random_bytes(Random& r, std::size_t longest) {
    static constexpr std::string_view kBytes =
        "ab\"\\\n\x01\x7f\x80\x9f\xa0\xbf\xc2\xc3\xe0\xed\xef\xf0\xf4\xf5\xff";
    std::string out(r.below(longest + 1), ' ');
    for (char& c : out) c = r.chance(0.3) ? static_cast<char>(r.below(256)) : r.pick(kBytes);
    return out;
}

TEST(Text, DecodesAsAnotherReaderDoes) {
    Random r(1);
    for (int i = 0; i < 3000; ++i) {
        const std::string escaped = random_escaped(r);
        const std::string expected =
            nlohmann::json::parse("\"" + escaped + "\"").get<std::string>();
        ASSERT_EQ(Text::from_escaped(escaped).decode(), expected) << escaped;
        Arena arena;
        ASSERT_EQ(Text::from_escaped(escaped).plain(arena), expected) << escaped;
        ASSERT_TRUE(Text::from_escaped(escaped).equals(expected)) << escaped;
    }
}

TEST(Text, EscapesWhatAnotherReaderReadsBack) {
    Random r(2);
    for (int i = 0; i < 3000; ++i) {
        const std::string plain = random_bytes(r, 40);
        std::string escaped;
        escape_to(escaped, plain);
        const std::string read = nlohmann::json::parse("\"" + escaped + "\"").get<std::string>();
        ASSERT_EQ(read, mended_utf8(plain));
        ASSERT_EQ(Text::from_escaped(escaped).decode(), read);
        Arena arena;
        ASSERT_EQ(Text::from_plain(plain, arena).escaped(), escaped);
    }
}

TEST(Text, EqualityLooksThroughSpelling) {
    EXPECT_EQ(Text::from_escaped("a/b"), Text::from_escaped("a\\/b"));
    EXPECT_EQ(Text::from_escaped("\\u0061"), Text::from_escaped("a"));
    EXPECT_EQ(Text::from_escaped("\\u00E9"), Text::from_escaped("\\u00e9"));
    EXPECT_FALSE(Text::from_escaped("a") == Text::from_escaped("b"));
    EXPECT_FALSE(Text::from_escaped("a") == Text::from_escaped("\\u0062"));
    EXPECT_FALSE(Text::from_escaped("a\\n").equals("a"));
}

TEST(Text, NothingIsCopiedThatNeedsNoEscape) {
    Arena arena;
    const std::string plain = "plain text without quotes";
    EXPECT_EQ(Text::from_plain(plain, arena).escaped().data(), plain.data());
    EXPECT_EQ(Text::from_escaped(plain).plain(arena).data(), plain.data());
}

TEST(Text, KeptOutlivesItsSource) {
    Arena arena;
    Text kept;
    {
        std::string source = "something long enough to live on the heap of its own";
        kept = Text::from_escaped(source).kept(arena);
        source.assign(source.size(), 'x');
    }
    EXPECT_EQ(kept.decode(), "something long enough to live on the heap of its own");
}

// By table 3-7 the sequences partition a text: valid exactly when they cover it.
TEST(Utf8, ValidityOfTheWholeIsValidityOfEachSequence) {
    Random r(3);
    int valid = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = random_bytes(r, 6);
        std::string_view rest = bytes;
        std::size_t length = 1;
        while (!rest.empty() && (length = valid_sequence(rest)) > 0) rest.remove_prefix(length);
        ASSERT_EQ(is_valid_utf8(bytes), rest.empty());
        ASSERT_TRUE(is_valid_utf8(mended_utf8(bytes)));
        valid += rest.empty();
    }
    EXPECT_GT(valid, 1000);
}

TEST(Utf8, EveryCodePointSurvives) {
    for (char32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 0x101) {
        if (c >= 0xD800 && c < 0xE000) continue;
        std::string one;
        append_code_point(one, c);
        ASSERT_EQ(valid_sequence(one), one.size()) << static_cast<std::uint32_t>(c);
    }
}

TEST(Utf8, PrefixesCutNoSequence) {
    const std::string text = "aé你🚂z";
    for (std::size_t limit = 0; limit <= text.size() + 1; ++limit) {
        const std::string_view prefix = utf8_prefix(text, limit);
        EXPECT_TRUE(is_valid_utf8(prefix)) << limit;
        EXPECT_LE(prefix.size(), limit);
        EXPECT_GT(prefix.size() + 4, std::min(limit, text.size()));
    }
}

}  // namespace
}  // namespace ccr::json
