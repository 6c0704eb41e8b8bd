// The small pure functions of this room: base64, ids, case, control characters, time, comparison of
// secrets.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "base/base64.h"
#include "base/control_characters.h"
#include "base/ids.h"
#include "base/percent.h"
#include "base/secret_compare.h"
#include "base/text_case.h"
#include "base/timestamp.h"

namespace ccr {
namespace {

TEST(Base64Url, KnowsTheVectorsOfItsRfc) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(base64url_encode(plain), encoded);
        EXPECT_EQ(base64url_decode(encoded), plain);
    }
}

TEST(Base64Url, ComesBackAsItWas) {
    std::mt19937 engine(1);
    for (std::size_t size = 0; size < 200; ++size) {
        std::string bytes(size, ' ');
        for (char& c : bytes) c = static_cast<char>(engine());
        const std::string encoded = base64url_encode(bytes);
        EXPECT_EQ(encoded.find_first_of("+/="), std::string::npos);
        EXPECT_EQ(base64url_decode(encoded), bytes);
    }
}

TEST(Base64Url, RefusesWhatIsNone) {
    for (const char* bad : {"A", "AAAAA", "Zg==", "Zm 8", "Zm+v", "Zm/v", "Zm9v\n", "\xff\xff"})
        EXPECT_EQ(base64url_decode(bad), std::nullopt) << bad;
}

TEST(Base64, TheStandardAlphabetIsReadWithAndWithoutPadding) {
    EXPECT_EQ(base64_decode("+/8="), "\xfb\xff");
    EXPECT_EQ(base64_decode("+/8"), "\xfb\xff");
    EXPECT_EQ(base64_decode("Zg=="), "f");
    EXPECT_EQ(base64_decode(""), "");
    for (const char* bad : {"A", "-_8", "Zg=a", "Z===", "Zm 8"})
        EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
}

TEST(Percent, EncodesAllButTheUnreserved) {
    EXPECT_EQ(percent_encode("a-Z.0_9~ /:@%\xc3\xa9"), "a-Z.0_9~%20%2F%3A%40%25%C3%A9");
    EXPECT_EQ(percent_encode("a/b@c", "/@"), "a/b@c");
}

TEST(Percent, DecodesWhatIsAnEscapeAndNothingElse) {
    EXPECT_EQ(percent_decode("%20%2f%2F%c3%A9"), " //\xc3\xa9");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
}

TEST(ControlCharacters, AreC0DelAndC1) {
    EXPECT_EQ(length_of_control("\x1b[2J"), 1u);
    EXPECT_EQ(length_of_control("\x7f"), 1u);
    EXPECT_EQ(length_of_control("\xc2\x80"), 2u);
    EXPECT_EQ(length_of_control("\xc2\x9f"), 2u);
    for (const char* none : {"", " ", "~", "\xc2", "\xc2\xa0", "\x9b"})
        EXPECT_EQ(length_of_control(none), 0u) << none;
}

TEST(ControlCharacters, AreLeftOutAndAllElseStays) {
    EXPECT_EQ(without_controls("a\tb\r\nc\x1b[2J\x7f"), "abc[2J");
    EXPECT_EQ(without_controls("\xc2\x9b 1 \xc2\xa0\xc3\xa9 \xe2\x82\xac\xc2"),
              " 1 \xc2\xa0\xc3\xa9 \xe2\x82\xac\xc2");
    EXPECT_EQ(without_controls(std::string_view("\0x", 2)), "x");
}

TEST(Ids, AreRandomHexOfTheAskedLength) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = new_id("req_");
        EXPECT_EQ(id.size(), 4 + 24u);
        EXPECT_EQ(id.find_first_not_of("0123456789abcdef", 4), std::string::npos);
        EXPECT_TRUE(seen.insert(id).second);
    }
    std::thread([&seen] {
        for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(new_id("req_")).second);
    }).join();
    EXPECT_EQ(random_hex(0), "");
    EXPECT_EQ(random_hex(3).size(), 6u);
}

TEST(TextCase, LowersAsciiOnly) {
    EXPECT_EQ(lower_case("AbZ@[`{19"), "abz@[`{19");
    EXPECT_EQ(lower_case("ÄÖ"), "ÄÖ");
    EXPECT_EQ(lower_case(""), "");
}

TEST(Timestamp, IsIso8601WithMilliseconds) {
    using namespace std::chrono;
    const auto at = [](milliseconds since_epoch) {
        return iso_timestamp(system_clock::time_point(since_epoch));
    };
    EXPECT_EQ(at(milliseconds(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(at(milliseconds(1769903999123)), "2026-01-31T23:59:59.123Z");
    EXPECT_EQ(at(milliseconds(951782400007)), "2000-02-29T00:00:00.007Z");
}

TEST(SecretsEqual, IsEquality) {
    const std::string long_secret(1000, 'k');
    for (const std::string& a : {std::string(), std::string("k"), std::string("key"),
                                 std::string("kex"), std::string("ke\0y", 4), long_secret}) {
        for (const std::string& b : {std::string(), std::string("k"), std::string("key"),
                                     std::string("kex"), std::string("ke\0y", 4), long_secret}) {
            EXPECT_EQ(secrets_equal(a, b), a == b);
        }
    }
}

}  // namespace
}  // namespace ccr
