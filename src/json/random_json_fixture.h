// Random JSON texts for tests: valid ones with free white space, and mutations of them. Header
// only, so that the tests of every room can use it; each run is the same, from the seed.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace ccr::json {

class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    /// 0 .. n-1
    std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_);
    }
    bool chance(double p) { return std::bernoulli_distribution(p)(engine_); }
    template <typename Array>
    auto pick(const Array& array) {
        return array[below(std::size(array))];
    }

  private:
    std::mt19937_64 engine_;
};

/// Escaped content of a JSON string: letters, every kind of escape, UTF-8 of every length.
inline std::string random_escaped(Random& r, std::size_t longest = 40) {
    static constexpr auto kPieces = std::to_array<std::string_view>(
        {"a",       "Z",      " ",      "0",          "{",       "]",       ",",
         ":",       "/",      "\\\"",   "\\\\",       "\\/",     "\\b",     "\\f",
         "\\n",     "\\r",    "\\t",    "\\u0041",    "\\u00e9", "\\u4f60", "\\ud83d\\ude82",
         "\\u0000", "\u00e9", "\u4f60", "\U0001F682", "\x7f",    "word ",   "<tag>",
         "'"});
    std::string out;
    const std::size_t pieces = r.below(longest + 1);
    for (std::size_t i = 0; i < pieces; ++i) out += r.pick(kPieces);
    return out;
}

inline std::string random_blanks(Random& r) {
    std::string out;
    while (r.chance(0.15)) out += r.pick(std::string_view(" \n\t\r"));
    return out;
}

inline std::string random_number(Random& r) {
    static constexpr auto kEdges = std::to_array<std::string_view>(
        {"0", "-0", "1", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
         "1e3", "1E+2", "2.5e-3", "0.0", "-1.25", "123456789012345678901234567890", "5.0", "1e15"});
    return r.chance(0.5) ? std::string(r.pick(kEdges))
                         : std::to_string(static_cast<long long>(r.below(1u << 30)) - (1 << 29));
}

inline std::string random_value(Random& r, int depth);

inline std::string random_container(Random& r, int depth, bool object) {
    std::string out(object ? "{" : "[");
    const std::size_t size = r.below(5);
    for (std::size_t i = 0; i < size; ++i) {
        if (i > 0) out += ",";
        out += random_blanks(r);
        if (object) out += fmt::format("\"{}{}\"{}:", i, random_escaped(r, 4), random_blanks(r));
        out += random_value(r, depth - 1);
    }
    return out + random_blanks(r) + (object ? "}" : "]");
}

/// A JSON value with blanks around it.
inline std::string random_value(Random& r, int depth) {
    std::string value;
    switch (r.below(depth > 0 ? 8 : 5)) {
        case 0:
            value = r.chance(0.5) ? "true" : "false";
            break;
        case 1:
            value = "null";
            break;
        case 2:
            value = random_number(r);
            break;
        case 3:
        case 4:
            value = "\"" + random_escaped(r) + "\"";
            break;
        default:
            value = random_container(r, depth, r.chance(0.5));
    }
    return random_blanks(r) + value + random_blanks(r);
}

/// `text` with one to three bytes changed, added, taken away or doubled.
inline std::string mutated(Random& r, std::string text) {
    static constexpr std::string_view kBytes =
        "{}[]\",:\\0123456789.eE+-truefalsnu \n\t\x01\x1f\x7f\x80\xbf\xc3\xed\xf0\xff";
    for (std::size_t edits = 1 + r.below(3); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = r.below(text.size());
        switch (r.below(4)) {
            case 0:
                text[at] = r.pick(kBytes);
                break;
            case 1:
                text.insert(at, 1, r.pick(kBytes));
                break;
            case 2:
                text.erase(at, 1 + r.below(4));
                break;
            default:
                text.insert(at, text.substr(at, 1 + r.below(8)));
        }
    }
    return text;
}

}  // namespace ccr::json
