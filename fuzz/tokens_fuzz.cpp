// Tokenizers under any text: pieces cover it, the count is the number of tokens, the tokens spell
// the text again, and merging in each of its ways gives what the plain rule gives.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "json/utf8.h"
#include "tokens/compose.h"
#include "tokens/embedded.h"
#include "tokens/encoding.h"
#include "tokens/image_size.h"
#include "tokens/tokenizer_json.h"

namespace {

using namespace ccr::tokens;
using Numbers = std::vector<std::uint32_t>;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

void pieces_cover_the_text(std::string_view text) {
    for (const Pattern pattern :
         {Pattern::cl100k, Pattern::qwen, Pattern::o200k, Pattern::deepseek, Pattern::gpt2}) {
        const PieceEnd piece_end = piece_end_of(pattern);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = piece_end(text, at);
            require(end > at && end <= text.size(), "a piece goes forward within the text");
            require(ccr::json::is_valid_utf8(text.substr(at, end - at)),
                    "a piece cuts no character");
            at = end;
        }
    }
}

// o200k's tokens by number, and a table of them.
struct Vocabulary {
    std::string_view bytes;
    std::vector<TokenTable::Place> places;

    Vocabulary() {
        const std::string_view table = o200k_ranks();
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(table[i]); };
        const std::size_t count = byte(0) | byte(1) << 8 | byte(2) << 16;
        bytes = table.substr(4 + count);
        std::uint32_t offset = 0;
        for (std::size_t i = 0; i < count; offset += byte(4 + i++))
            places.push_back({offset, byte(4 + i)});
    }
    std::string_view spelling(std::uint32_t token) const {
        return bytes.substr(places.at(token).offset, places.at(token).size);
    }
};

const Vocabulary& vocabulary() {
    static const Vocabulary kVocabulary;
    return kVocabulary;
}

void tokens_spell_the_text(std::string_view text) {
    Numbers numbers;
    o200k().encode(text, numbers);
    require(o200k().count(text) == numbers.size(), "the count is the number of tokens");
    std::string spelled;
    for (const std::uint32_t number : numbers) spelled += vocabulary().spelling(number);
    require(spelled == text, "the tokens spell the text");
}

// The lowest rank among all neighbours first, the leftmost of those.
Numbers merged_slowly(const ByBytes& rule, std::uint32_t size) {
    std::vector<std::uint32_t> begins;  // of the parts, and the end
    for (std::uint32_t i = 0; i <= size; ++i) begins.push_back(i);
    while (true) {
        std::uint32_t best = kNoToken;
        std::size_t where = 0;
        for (std::size_t i = 0; i + 2 < begins.size(); ++i) {
            const std::uint32_t rank = rule.of(begins[i], begins[i + 2], 0, 0).rank;
            if (rank < best) best = rank, where = i;
        }
        if (best == kNoToken) break;
        begins.erase(begins.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
    return begins;
}

void fast_merge_is_the_slow_one(std::string_view piece) {
    static const TokenTable kTable(vocabulary().bytes, vocabulary().places);
    if (piece.empty() || piece.size() > 300) return;
    const ByBytes rule(kTable, piece);
    const auto size = static_cast<std::uint32_t>(piece.size());
    Numbers fast;
    merge(rule, size, fast);
    const Numbers begins = merged_slowly(rule, size);
    require(fast.size() + 1 == begins.size(), "as many parts as the slow merge has");
    for (std::size_t i = 0; i < fast.size(); ++i)
        require(
            vocabulary().spelling(fast[i]) == piece.substr(begins[i], begins[i + 1] - begins[i]),
            "the parts of the slow merge");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)size_of_image_bytes(bytes);
    (void)size_of_image(bytes);
    (void)parse_tokenizer_json(bytes, "fuzz");
    const std::string text = ccr::json::mended_utf8(bytes);
    pieces_cover_the_text(text);
    tokens_spell_the_text(text);
    fast_merge_is_the_slow_one(bytes);
    const std::string composed = compose(text);
    require(compose(composed) == composed, "composing twice changes nothing");
    require(!is_composed(text) || composed == text, "composed text stays as it is");
    Numbers of_bytes, of_mended;
    cl100k().encode(bytes, of_bytes);
    cl100k().encode(text, of_mended);
    require(of_bytes == of_mended, "bytes that are no UTF-8 count as replacements");
    return 0;
}
