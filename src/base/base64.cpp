#include "base/base64.h"

#include <array>
#include <cstdint>

namespace ccr {
namespace {
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6) out += alphabet[(bits >> (held - 6)) & 63];
    }
    if (held > 0) out += alphabet[(bits << (6 - held)) & 63];
    return out;
}

using Table = std::array<std::int8_t, 256>;

constexpr Table reverse_alphabet(char of_62, char of_63) {
    Table table{};
    table.fill(-1);
    for (std::size_t i = 0; i < 62; ++i) {
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    }
    table[static_cast<unsigned char>(of_62)] = 62;
    table[static_cast<unsigned char>(of_63)] = 63;
    return table;
}
constexpr Table kUrlSafe = reverse_alphabet('-', '_');
constexpr Table kStandard = reverse_alphabet('+', '/');

std::optional<std::string> decode(std::string_view text, const Table& table) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const std::int8_t value = table[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 255);
        }
    }
    return out;
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, kAlphabet);
}

std::string base64_encode(std::string_view bytes) {
    std::string out = encode(bytes, kStandardAlphabet);
    while (out.size() % 4 != 0) out += '=';
    return out;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, kUrlSafe);
}

std::optional<std::string> base64_decode(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, kStandard);
}

}  // namespace ccr
