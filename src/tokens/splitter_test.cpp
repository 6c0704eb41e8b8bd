#include "tokens/splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ccr::tokens {
namespace {

using Pieces = std::vector<std::string>;

Pieces split(Pattern pattern, std::string_view text) {
    const PieceEnd piece_end = piece_end_of(pattern);
    Pieces pieces;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = piece_end(text, at);
        if (end <= at || end > text.size()) {
            ADD_FAILURE() << "a piece from " << at << " to " << end;
            break;
        }
        pieces.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return pieces;
}

TEST(Cl100kPieces, WordsTakeOneCharacterBeforeThem) {
    EXPECT_EQ(split(Pattern::cl100k, "hello world\tx(y"), (Pieces{"hello", " world", "\tx", "(y"}));
    EXPECT_EQ(split(Pattern::cl100k, "a\nb\rc"), (Pieces{"a", "\n", "b", "\r", "c"}));
}

TEST(Cl100kPieces, ContractionsInAnyCase) {
    EXPECT_EQ(
        split(Pattern::cl100k, "don't DON'T we'Ll it'\u017F o'er '"),
        (Pieces{"don", "'t", " DON", "'T", " we", "'Ll", " it", "'\u017F", " o", "'er", " '"}));
}

TEST(Cl100kPieces, NumbersInThreesAndSignsWithTheirLineEnds) {
    EXPECT_EQ(split(Pattern::cl100k, "1234567"), (Pieces{"123", "456", "7"}));
    EXPECT_EQ(split(Pattern::qwen, "123"), (Pieces{"1", "2", "3"}));
    EXPECT_EQ(split(Pattern::cl100k, " == {\n\n  }"), (Pieces{" ==", " {\n\n", " ", " }"}));
}

TEST(Cl100kPieces, WhiteSpaceLeavesItsLastToTheNextWord) {
    EXPECT_EQ(split(Pattern::cl100k, "a   b"), (Pieces{"a", "  ", " b"}));
    EXPECT_EQ(split(Pattern::cl100k, "a \n \n  b"), (Pieces{"a", " \n \n", " ", " b"}));
    EXPECT_EQ(split(Pattern::cl100k, "a   "), (Pieces{"a", "   "}));
    EXPECT_EQ(split(Pattern::cl100k, "   1"), (Pieces{"  ", " ", "1"}));
}

TEST(O200kPieces, WordsEndWhereCapitalsBegin) {
    EXPECT_EQ(split(Pattern::o200k, "parseXML HTMLParser aBc"),
              (Pieces{"parse", "XML", " HTMLParser", " a", "Bc"}));
    EXPECT_EQ(split(Pattern::o200k, "中A中AB"), (Pieces{"中A中", "AB"}));
}

TEST(O200kPieces, ContractionsBelongToTheirWord) {
    EXPECT_EQ(split(Pattern::o200k, "don't ABC'S 's"), (Pieces{"don't", " ABC'S", " '", "s"}));
}

TEST(O200kPieces, MarksAreLettersOrPrefixes) {
    EXPECT_EQ(split(Pattern::o200k, "e\u0301te\u0301"), (Pieces{"e\u0301te\u0301"}));
    EXPECT_EQ(split(Pattern::o200k, "\u0301AB\u0301C"), (Pieces{"\u0301AB\u0301", "C"}));
    EXPECT_EQ(split(Pattern::o200k, "\u0301AB"), (Pieces{"\u0301", "AB"}));
}

TEST(O200kPieces, SlashesFollowLineEnds) {
    EXPECT_EQ(split(Pattern::o200k, "!\n//x"), (Pieces{"!\n//", "x"}));
}

TEST(DeepseekPieces, NumbersAndCjkAreCutOutFirst) {
    EXPECT_EQ(split(Pattern::deepseek, "a  1234"), (Pieces{"a", "  ", "123", "4"}));
    EXPECT_EQ(split(Pattern::deepseek, "x  中文y カ・ナ"),
              (Pieces{"x", "  ", "中文", "y", " ", "カ", "・", "ナ"}));
}

TEST(DeepseekPieces, SignsTakeTheLettersBehindThem) {
    EXPECT_EQ(split(Pattern::deepseek, "a_bé (c) =="),
              (Pieces{"a", "_b", "é", " (", "c", ")", " =="}));
}

TEST(DeepseekPieces, WhatNothingMatchesStaysTogether) {
    EXPECT_EQ(split(Pattern::deepseek, "\x01\x02\x03!"), (Pieces{"\x01\x02\x03", "!"}));
    EXPECT_EQ(split(Pattern::deepseek, "\x01\x02z"), (Pieces{"\x01", "\x02z"}));
}

TEST(Gpt2Pieces, SpacesGoWithWhatFollows) {
    EXPECT_EQ(split(Pattern::gpt2, "it's 'S 123 \n x"),
              (Pieces{"it", "'s", " '", "S", " 123", " \n", " x"}));
}

TEST(Patterns, AreKnownByTheirExactExpression) {
    EXPECT_EQ(pattern_of_regex(
                  R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"),
              Pattern::gpt2);
    EXPECT_FALSE(pattern_of_regex(R"(\p{L}+)"));
    EXPECT_FALSE(pattern_of_regex(""));
}

}  // namespace
}  // namespace ccr::tokens
