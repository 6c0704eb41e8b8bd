#include "tokens/encoding.h"

#include <atomic>
#include <cstring>
#include <optional>
#include <utility>

#include "json/utf8.h"
#include "tokens/compose.h"
#include "tokens/embedded.h"

namespace ccr::tokens {
namespace {

// A table of data/: how many, one length byte each, then the bytes (tools/make-ranks.mjs).
Encoding from_table(std::string name, Pattern pattern, std::string_view table) {
    std::uint32_t count = 0;
    std::memcpy(&count, table.data(), sizeof(count));
    const std::string_view lengths = table.substr(sizeof(count), count);
    std::vector<TokenTable::Place> places;
    places.reserve(count);
    std::uint32_t offset = 0;
    for (const char length : lengths) {
        places.push_back({offset, static_cast<unsigned char>(length)});
        offset += places.back().size;
    }
    EncodingParts parts;
    parts.name = std::move(name);
    parts.pattern = pattern;
    parts.tokens = std::make_unique<TokenTable>(table.substr(sizeof(count) + count), places);
    return Encoding(std::move(parts));
}

std::uint64_t next_identity() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

Encoding::Encoding(EncodingParts parts)
    : parts_(std::move(parts)),
      piece_end_(piece_end_of(parts_.pattern)),
      identity_(next_identity()) {}

void Encoding::append_merged(std::string_view piece, std::vector<std::uint32_t>& out) const {
    const auto size = static_cast<std::uint32_t>(piece.size());
    if (parts_.merges)
        merge(ByPairs(*parts_.merges, piece), size, out);
    else
        merge(ByBytes(*parts_.tokens, piece), size, out);
}

// Calls `whole` with the number of each piece that is one token, `merged` with every other piece.
template <typename Token, typename Piece>
void Encoding::walk(std::string_view text, Token whole, Piece merged) const {
    std::string mended;
    if (!json::is_valid_utf8(text)) text = mended = json::mended_utf8(text);
    std::string composed;
    if (parts_.composed && !is_composed(text)) text = composed = compose(text);
    const char* const end = text.data() + text.size();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = piece_end_(text, at);
        const std::string_view piece = text.substr(at, next - at);
        const std::uint32_t token = parts_.tokens->find(piece, end);
        if (token != kNoToken)
            whole(token);
        else
            merged(piece);
        at = next;
    }
}

void Encoding::encode(std::string_view text, std::vector<std::uint32_t>& out) const {
    walk(
        text, [&](std::uint32_t token) { out.push_back(token); },
        [&](std::string_view piece) { append_merged(piece, out); });
}

std::size_t Encoding::count(std::string_view text) const {
    std::size_t tokens = 0;
    std::vector<std::uint32_t> scratch;
    walk(
        text, [&](std::uint32_t) { ++tokens; },
        [&](std::string_view piece) {
            scratch.clear();
            append_merged(piece, scratch);
            tokens += scratch.size();
        });
    return tokens;
}

std::size_t Encoding::memory() const {
    return parts_.tokens->memory() + (parts_.merges ? parts_.merges->memory() : 0) +
           (parts_.bytes ? parts_.bytes->capacity() : 0);
}

const Encoding& cl100k() {
    static const Encoding kEncoding = from_table("cl100k_base", Pattern::cl100k, cl100k_ranks());
    return kEncoding;
}

const Encoding& o200k() {
    static const Encoding kEncoding = from_table("o200k_base", Pattern::o200k, o200k_ranks());
    return kEncoding;
}

}  // namespace ccr::tokens
