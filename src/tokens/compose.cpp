#include "tokens/compose.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "json/utf8.h"
#include "tokens/char_class.h"
#include "tokens/embedded.h"

namespace ccr::tokens {
namespace {

struct Decomposition {
    char32_t code;
    std::array<char32_t, 4> parts;  // zeros behind the last
};
struct Pair {
    char32_t first, second, composed;
};

// The three lists of composition.bin, in place.
class Tables {
  public:
    Tables() {
        const char* p = composition_table().data();
        marks_ = take<std::uint32_t>(p);
        decompositions_ = take<Decomposition>(p);
        pairs_ = take<Pair>(p);
    }
    /// 0 for what is no combining mark.
    std::uint32_t order_of(char32_t code) const {
        const auto at = std::ranges::lower_bound(marks_, code << 8);
        return at != marks_.end() && *at >> 8 == code ? *at & 0xFF : 0;
    }
    const Decomposition* decomposition_of(char32_t code) const {
        const auto at = std::ranges::lower_bound(decompositions_, code, {}, &Decomposition::code);
        return at != decompositions_.end() && at->code == code ? &*at : nullptr;
    }
    std::optional<char32_t> composed(char32_t first, char32_t second) const {
        const auto key = [](const Pair& pair) { return std::pair(pair.first, pair.second); };
        const auto at = std::ranges::lower_bound(pairs_, std::pair(first, second), {}, key);
        if (at == pairs_.end() || key(*at) != std::pair(first, second)) return std::nullopt;
        return at->composed;
    }

  private:
    template <typename T>
    static std::span<const T> take(const char*& p) {
        std::uint32_t count = 0;
        std::memcpy(&count, p, sizeof(count));
        const std::span<const T> list(reinterpret_cast<const T*>(p + sizeof(count)), count);
        p += sizeof(count) + list.size_bytes();
        return list;
    }
    std::span<const std::uint32_t> marks_;
    std::span<const Decomposition> decompositions_;
    std::span<const Pair> pairs_;
};

const Tables& tables() {
    static const Tables kTables;
    return kTables;
}

// Hangul is composed by arithmetic (Unicode, 3.12).
constexpr char32_t kSyllables = 0xAC00, kLeads = 0x1100, kVowels = 0x1161, kFinals = 0x11A7;
constexpr char32_t kLeadCount = 19, kVowelCount = 21, kFinalCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kFinalCount;

bool is_syllable(char32_t c) {
    return c >= kSyllables && c < kSyllables + kSyllableCount;
}

void decompose_to(std::vector<char32_t>& out, char32_t code) {
    if (is_syllable(code)) {
        const char32_t index = code - kSyllables;
        out.push_back(kLeads + index / (kVowelCount * kFinalCount));
        out.push_back(kVowels + index / kFinalCount % kVowelCount);
        if (index % kFinalCount != 0) out.push_back(kFinals + index % kFinalCount);
    } else if (const Decomposition* found = tables().decomposition_of(code)) {
        for (const char32_t part : found->parts) {
            if (part != 0) out.push_back(part);
        }
    } else {
        out.push_back(code);
    }
}

std::optional<char32_t> composed_hangul(char32_t first, char32_t second) {
    if (first >= kLeads && first < kLeads + kLeadCount && second >= kVowels &&
        second < kVowels + kVowelCount)
        return kSyllables + ((first - kLeads) * kVowelCount + second - kVowels) * kFinalCount;
    const bool open = is_syllable(first) && (first - kSyllables) % kFinalCount == 0;
    if (open && second > kFinals && second < kFinals + kFinalCount) return first + second - kFinals;
    return std::nullopt;
}

// Marks that follow one character stand in the order of their classes.
void order_marks(std::vector<char32_t>& text) {
    for (auto at = text.begin(); at != text.end();) {
        if (tables().order_of(*at) == 0) {
            ++at;
            continue;
        }
        const auto end =
            std::find_if(at, text.end(), [](char32_t c) { return tables().order_of(c) == 0; });
        std::stable_sort(at, end, [](char32_t a, char32_t b) {
            return tables().order_of(a) < tables().order_of(b);
        });
        at = end;
    }
}

// Joins each character with the one before it that it is not blocked from.
void compose_in_place(std::vector<char32_t>& text) {
    std::size_t starter = text.size(), out = 0;
    std::uint32_t last_order = 0;  // of what was kept since the starter
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t c = text[i];
        const std::uint32_t order = tables().order_of(c);
        const bool adjacent = starter + 1 == out;
        if (starter < out && (adjacent || (last_order != 0 && last_order < order))) {
            auto joined = composed_hangul(text[starter], c);
            if (!joined) joined = tables().composed(text[starter], c);
            if (joined) {
                text[starter] = *joined;
                continue;
            }
        }
        if (order == 0) starter = out;
        last_order = order;
        text[out++] = c;
    }
    text.resize(out);
}

}  // namespace

bool is_composed(std::string_view text) {
    static const ClassTable kTable;
    for (std::size_t at = 0; at < text.size();) {
        const Char c = decode_char(text.data() + at);
        if (c.code >= 0x300 && kTable.unsettled(c.code)) return false;
        at += c.size;
    }
    return true;
}

std::string compose(std::string_view text) {
    std::vector<char32_t> points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Char c = decode_char(text.data() + at);
        decompose_to(points, c.code);
        at += c.size;
    }
    order_marks(points);
    compose_in_place(points);
    std::string out;
    out.reserve(text.size());
    for (const char32_t c : points) json::append_code_point(out, c);
    return out;
}

}  // namespace ccr::tokens
