#include "json/scan.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>

#include "json/skim.h"
#include "json/utf8.h"

namespace ccr::json {
namespace {

// A copy whose end is the end of its allocation, so that a sanitizer sees a read past it.
class Exact {
  public:
    explicit Exact(std::string_view text) : size_(text.size()), bytes_(new char[text.size()]) {
        if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
    }
    std::string_view view() const { return {bytes_.get(), size_}; }

  private:
    std::size_t size_;
    std::unique_ptr<char[]> bytes_;
};

// Every byte value at every distance from the start, over lengths around those of a vector
// register.
TEST(ScanString, FindsEverySpecialByteAtEveryOffset) {
    for (std::size_t length = 1; length <= 150; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (const int byte : {0x00, 0x1f, 0x20, 0x21, 0x22, 0x5c, 0x7f, 0x80, 0xff}) {
                std::string text(length, 'x');
                text[at] = static_cast<char>(byte);
                const Exact exact(text);
                std::size_t where = 0;
                const char* why = nullptr;
                const std::size_t quote = scan_string(exact.view(), where, why);
                const bool special = byte == '"' || byte == '\\' || byte < 0x20;
                ASSERT_EQ(quote, byte == '"' ? at : std::string_view::npos);
                ASSERT_EQ(why == nullptr, byte == '"');
                // "\x" is no escape; what is not special runs into the missing quote.
                ASSERT_EQ(where, special ? at : length) << length << " " << at << " " << byte;
            }
        }
    }
}

TEST(ScanString, ReadsEscapesUpToTheLastByte) {
    const auto ends_at = [](std::string_view text) {
        std::size_t at = 0;
        const char* why = nullptr;
        return scan_string(Exact(text).view(), at, why);
    };
    EXPECT_EQ(ends_at(R"(\"")"), 2u);
    EXPECT_EQ(ends_at(R"(\u00e9")"), 6u);
    EXPECT_EQ(ends_at(R"(\\")"), 2u);
    for (const char* bad : {"\\", "\\u", "\\u0", "\\u00", "\\u00e", "\\u00e9", "\\u00g9\"", "\\x\"",
                            "\\U0041\"", "", "abc"}) {
        EXPECT_EQ(ends_at(bad), std::string_view::npos) << bad;
    }
    EXPECT_EQ(ends_at(std::string_view("\\\0\"", 3)), std::string_view::npos);
}

// The rule byte by byte: where the string ends, npos for one that is broken, and where that shows.
struct Expected {
    std::size_t quote;
    std::size_t where;
};
Expected plainly_scanned(std::string_view text) {
    constexpr std::size_t kNone = std::string_view::npos;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            const std::size_t valid = valid_prefix(text.substr(0, at));
            return valid == at ? Expected{at, at} : Expected{kNone, valid};
        }
        if (static_cast<unsigned char>(text[at]) < 0x20) return {kNone, at};
        if (text[at] != '\\') continue;
        if (at + 1 == text.size()) return {kNone, at};
        const bool unicode = text[at + 1] == 'u';
        if (!unicode && !std::strchr("\"\\/bfnrt", text[at + 1])) return {kNone, at};
        if (unicode && (at + 6 > text.size() || text.substr(at + 2, 4).find_first_not_of(
                                                    "0123456789abcdefABCDEF") != kNone))
            return {kNone, at};
        at += unicode ? 5 : 1;
    }
    return {kNone, text.size()};
}

// Long strings are read in blocks: runs of backslashes across their edges, ends and errors
// anywhere.
TEST(ScanString, AgreesWithThePlainRuleOnLongStrings) {
    static constexpr std::string_view kPieces[] = {"\\\\",
                                                   "\\\"",
                                                   "\\n",
                                                   "\\/",
                                                   "\\b",
                                                   "\\f",
                                                   "\\r",
                                                   "\\t",
                                                   "\\u00e9",
                                                   "\\uD83D",
                                                   "some plain words, ",
                                                   "x",
                                                   "\xC3\xBC",
                                                   "\xE4\xBD\xA0"};
    static constexpr std::string_view kEnds[] = {"\"", "\\x\"",   "\\u12\"",     "\x01",
                                                 "\\", "\\u00g0", "\\\xC3\xBC\""};
    std::mt19937 random(7);
    const auto below = [&](std::size_t end) { return random() % end; };
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        const std::size_t size = below(400);
        while (text.size() < size) text += kPieces[below(std::size(kPieces))];
        if (round % 4 == 0) text.insert(below(text.size() + 1), kEnds[below(std::size(kEnds))]);
        if (round % 8 != 1)
            text += "\" and what follows, which is of no matter to the string before it";
        const Exact exact(text);
        const Expected expected = plainly_scanned(text);
        std::size_t where = 0;
        const char* why = nullptr;
        ASSERT_EQ(scan_string(exact.view(), where, why), expected.quote) << text;
        ASSERT_EQ(where, expected.where) << text;
    }
}

TEST(Skim, StopsBeforeTheEndAndSeesWhatIsNoAscii) {
    std::mt19937 random(8);
    const auto below = [&](std::size_t end) { return random() % end; };
    for (int round = 0; round < 5'000; ++round) {
        std::string text(below(300), 'x');
        for (std::size_t i = below(4); i > 0 && !text.empty(); --i)
            text[below(text.size())] = "\"\xC3\x80"[below(3)];
        const std::size_t quote = std::min(text.find('"'), text.size());
        const Exact exact(text);
        for (const Skim skim : available_skims()) {
            std::uint64_t beyond_ascii = 0;
            const std::size_t where = skim(exact.view(), 0, beyond_ascii);
            ASSERT_LE(where, quote) << text;
            const std::string_view passed = std::string_view(text).substr(0, where);
            ASSERT_EQ(beyond_ascii != 0, passed.find_first_of("\xC3\x80") != passed.npos) << text;
        }
    }
}

TEST(ScanNumber, KnowsWhereANumberEnds) {
    const auto end_of = [](std::string_view text) { return scan_number(Exact(text).view(), 0); };
    for (const char* whole : {"0", "-0", "12", "-12.5", "1e5", "1E+05", "0.0e-0"})
        EXPECT_EQ(end_of(whole), std::strlen(whole)) << whole;
    EXPECT_EQ(end_of("01"), 1u);
    EXPECT_EQ(end_of("1.5.2"), 3u);
    EXPECT_EQ(end_of("1x"), 1u);
    for (const char* none :
         {"", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "-a", "NaN", "Infinity"}) {
        EXPECT_EQ(end_of(none), std::string_view::npos) << none;
    }
}

}  // namespace
}  // namespace ccr::json
