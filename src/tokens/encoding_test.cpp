#include "tokens/encoding.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "json/document.h"

namespace ccr::tokens {
namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers encoded(const Encoding& encoding, std::string_view text) {
    Numbers numbers;
    encoding.encode(text, numbers);
    return numbers;
}

Numbers numbers_of(json::View list) {
    Numbers numbers;
    for (const json::View number : list.elements())
        numbers.push_back(static_cast<std::uint32_t>(*number.integer()));
    return numbers;
}

// vectors.json is what npm tiktoken says (tests/tokens/make-vectors.mjs).
TEST(Encoding, GivesTheNumbersThatTiktokenGives) {
    std::ifstream file(CCR_SOURCE_DIR "/tests/tokens/vectors.json");
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    json::Document document;
    const auto root = document.parse(bytes);
    ASSERT_TRUE(root);
    ASSERT_GT(root->size(), 90u);
    for (const json::View entry : root->elements()) {
        const std::string text = entry["text"].text().decode();
        for (const Encoding* encoding : {&cl100k(), &o200k()}) {
            const Numbers expected = numbers_of(entry[encoding->name()]);
            EXPECT_EQ(encoded(*encoding, text), expected) << encoding->name() << ": " << text;
            EXPECT_EQ(encoding->count(text), expected.size());
        }
    }
}

TEST(Encoding, TextOfSpecialTokensIsText) {
    for (const Encoding* encoding : {&cl100k(), &o200k()}) {
        for (const std::uint32_t number : encoded(*encoding, "<|endoftext|><|endofprompt|>"))
            EXPECT_LT(number, encoding == &cl100k() ? 100'256u : 199'998u);
    }
}

TEST(Encoding, BytesThatAreNoUtf8CountAsReplacements) {
    EXPECT_EQ(encoded(cl100k(), "a\xFFz\xC3"), encoded(cl100k(), "a\uFFFDz\uFFFD"));
    EXPECT_EQ(encoded(o200k(), "\xED\xA0\x80"), encoded(o200k(), "\uFFFD\uFFFD\uFFFD"));
}

// Quadratic ways would take minutes for such pieces.
TEST(Encoding, LongRunsTakeLinearTime) {
    const auto tokens_of = [](char c) { return o200k().count(std::string(200'000, c)); };
    EXPECT_EQ(tokens_of('a'), 25'000u);
    EXPECT_LT(tokens_of(' '), 2'000u);
    EXPECT_LT(tokens_of('\n'), 100'000u);
    EXPECT_LT(tokens_of('A'), 100'000u);
}

TEST(Encoding, ATokenIsNoMoreThanAByte) {
    std::string text;
    for (int i = 0; i < 256; ++i) text += static_cast<char>(i & 0x7F);
    EXPECT_LE(cl100k().count(text), text.size());
    EXPECT_EQ(cl100k().count(""), 0u);
}

}  // namespace
}  // namespace ccr::tokens
