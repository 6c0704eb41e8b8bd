// Encoding: text to the tokens of one model family, exactly as its own tokenizer makes them.
//
// Text is cut into pieces (splitter.h), and each piece is a token or is merged from its bytes
// (merge.h). The text of a special token is ordinary text. Bytes that are no UTF-8 count as the
// replacement character each. Any thread; immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/merge.h"
#include "tokens/pair_merges.h"
#include "tokens/splitter.h"
#include "tokens/token_table.h"

namespace ccr::tokens {

/// What an encoding is made of.
struct EncodingParts {
    std::string name;
    Pattern pattern = Pattern::cl100k;
    bool composed = false;                     // text is brought into normal form C first
    std::unique_ptr<const std::string> bytes;  // of the tokens, where the encoding owns them
    std::unique_ptr<const TokenTable> tokens;  // what may be found as a whole
    std::unique_ptr<const PairMerges> merges;  // null: by bytes
};

class Encoding {
  public:
    explicit Encoding(EncodingParts parts);

    const std::string& name() const { return parts_.name; }
    /// Another number for every encoding of the process: part of the keys of what was counted.
    std::uint64_t identity() const { return identity_; }
    std::size_t count(std::string_view text) const;
    /// Appends the numbers of the tokens.
    void encode(std::string_view text, std::vector<std::uint32_t>& out) const;
    /// Bytes of memory that its tables take.
    std::size_t memory() const;

  private:
    template <typename Token, typename Piece>
    void walk(std::string_view text, Token whole, Piece merged) const;
    void append_merged(std::string_view piece, std::vector<std::uint32_t>& out) const;

    EncodingParts parts_;
    PieceEnd piece_end_;
    std::uint64_t identity_;
};

/// OpenAI's encodings; the tables are made at the first call.
const Encoding& cl100k();
const Encoding& o200k();

}  // namespace ccr::tokens
