#include "tokens/tokenizer_json.h"

#include <gtest/gtest.h>

#include <vector>

#include "json/text.h"
#include "json/utf8.h"

namespace ccr::tokens {
namespace {

using Numbers = std::vector<std::uint32_t>;

// How GPT-2 writes a byte, told the other way round than byte_level.cpp tells it.
std::string written(int byte) {
    const auto itself = [](int b) {
        return (b > 32 && b < 127) || (b > 160 && b < 256 && b != 173);
    };
    int code = byte;
    if (!itself(byte)) {
        code = 256;
        for (int b = 0; b < byte; ++b) code += itself(b) ? 0 : 1;
    }
    std::string out;
    json::append_code_point(out, static_cast<char32_t>(code));
    return out;
}

constexpr std::string_view kQwen =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+)";

struct Parts {
    std::string merges = R"(["a b","ab c","Ġ a"])";
    std::string model = R"("type":"BPE")";
    std::string normalizer = "null";
    std::string pre_tokenizer =
        R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":")" +
        std::string(kQwen) +
        R"("},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})";
};

// The numbers of the bytes are their values plus 1000; 1 to 5 are merged tokens.
std::string file_of(const Parts& parts) {
    std::string out = R"({"normalizer":)" + parts.normalizer + R"(,"pre_tokenizer":)" +
                      parts.pre_tokenizer + R"(,"model":{)" + parts.model + R"(,"merges":)" +
                      parts.merges + R"(,"vocab":{)";
    for (int byte = 0; byte < 256; ++byte) {
        out += '"';
        json::escape_to(out, written(byte));
        out += "\":" + std::to_string(1000 + byte) + ",";
    }
    return out + R"("ab":1,"abc":2,"Ġa":3,"bc":4,"<｜end｜>":5,"abcabc":6}}})";
}

Numbers encoded(const Parts& parts, std::string_view text) {
    const auto encoding = parse_tokenizer_json(file_of(parts), "small");
    if (!encoding) {
        ADD_FAILURE() << encoding.error().message;
        return {};
    }
    Numbers numbers;
    (*encoding)->encode(text, numbers);
    return numbers;
}

TEST(TokenizerJson, MergesInTheOrderOfTheList) {
    EXPECT_EQ(encoded({}, "abc"), Numbers{2});
    EXPECT_EQ(encoded({}, "x ab a\n"), (Numbers{1000 + 'x', 1000 + ' ', 1, 3, 1000 + '\n'}));
    EXPECT_EQ(encoded({.merges = R"([["b","c"],["a","b"]])"}, "abc"), (Numbers{1000 + 'a', 4}));
}

TEST(TokenizerJson, ATokenThatNoMergesMakeIsTakenOnlyWhereTheFileSaysSo) {
    EXPECT_EQ(encoded({}, "bc"), (Numbers{1000 + 'b', 1000 + 'c'}));
    EXPECT_EQ(encoded({.model = R"("type":"BPE","ignore_merges":true)"}, "bc"), Numbers{4});
    EXPECT_EQ(encoded({}, "abcabc"), (Numbers{2, 2}));
}

TEST(TokenizerJson, TextOfAddedTokensIsText) {
    for (const std::uint32_t number : encoded({}, "<｜end｜>")) EXPECT_NE(number, 5u);
}

TEST(TokenizerJson, NormalFormCIsAppliedWhereAsked) {
    EXPECT_EQ(encoded({.normalizer = R"({"type":"NFC"})"}, "e\u0301"),
              (Numbers{1000 + 0xC3, 1000 + 0xA9}));
    EXPECT_EQ(encoded({.normalizer = R"({"type":"Sequence","normalizers":[]})"}, "e\u0301").size(),
              3u);
}

TEST(TokenizerJson, LineEndsInExpressionsMayStandAsThemselves) {
    Parts parts;
    for (std::string::size_type at;
         (at = parts.pre_tokenizer.find(R"(\\r\\n)")) != std::string::npos;)
        parts.pre_tokenizer.replace(at, 6, R"(\r\n)");
    EXPECT_EQ(encoded(parts, "abc"), Numbers{2});
}

TEST(TokenizerJson, ByteLevelAloneIsGpt2s) {
    const Parts parts{.pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":false})"};
    EXPECT_EQ(encoded(parts, "abc"), Numbers{2});
}

std::string refusal(std::string_view text) {
    const auto encoding = parse_tokenizer_json(text, "small");
    return encoding ? "" : encoding.error().message;
}

void expect_refused(const Parts& parts, std::string_view naming) {
    EXPECT_NE(refusal(file_of(parts)).find(naming), std::string::npos)
        << naming << " in: " << refusal(file_of(parts));
}

TEST(TokenizerJson, WhatIsBeyondUsIsNamed) {
    expect_refused({.model = R"("type":"Unigram")"}, "Unigram");
    expect_refused({.model = R"("type":"BPE","byte_fallback":true)"}, "byte_fallback");
    expect_refused({.model = R"("type":"BPE","end_of_word_suffix":"</w>")"}, "end_of_word_suffix");
    expect_refused({.normalizer = R"({"type":"NFKC"})"}, "NFKC");
    expect_refused({.pre_tokenizer = R"({"type":"Metaspace"})"}, "Metaspace");
    expect_refused({.pre_tokenizer = "null"}, "pre-tokenizer");
    expect_refused({.pre_tokenizer = R"({"type":"ByteLevel"})"}, "add_prefix_space");
    expect_refused(
        {.pre_tokenizer =
             R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\w+"},"behavior":"Isolated"},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})"},
        "\\\\w+");
    expect_refused(
        {.pre_tokenizer =
             R"({"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})"},
        "Digits");
}

TEST(TokenizerJson, BrokenFilesAreErrors) {
    expect_refused({.merges = R"(["a z z"])"}, "merge");
    expect_refused({.merges = R"([["a"]])"}, "merge");
    EXPECT_NE(refusal("{"), "");
    EXPECT_NE(refusal("{}"), "");
    EXPECT_NE(refusal("[]"), "");
    const auto missing = load_tokenizer_json("/nowhere/tokenizer.json", "x");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("/nowhere/tokenizer.json"), std::string::npos);
}

}  // namespace
}  // namespace ccr::tokens
