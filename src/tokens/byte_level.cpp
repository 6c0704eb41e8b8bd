#include "tokens/byte_level.h"

#include <array>
#include <cstdint>

#include "tokens/char_class.h"

namespace ccr::tokens {
namespace {

constexpr char32_t kFirst = 0x100;
constexpr std::size_t kSize = kFirst + 68;  // 68 bytes do not stand for themselves
constexpr std::int16_t kNone = -1;

constexpr bool stands_for_itself(int byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xFF && byte != 0xAD);
}

constexpr std::array<std::int16_t, kSize> table() {
    std::array<std::int16_t, kSize> bytes{};
    bytes.fill(kNone);
    std::size_t next = kFirst;
    for (int byte = 0; byte < 256; ++byte)
        bytes[stands_for_itself(byte) ? static_cast<std::size_t>(byte) : next++] =
            static_cast<std::int16_t>(byte);
    return bytes;
}

}  // namespace

bool append_byte_level(std::string& out, std::string_view written) {
    static constexpr auto kBytes = table();
    for (std::size_t at = 0; at < written.size();) {
        const Char c = decode_char(written.data() + at);
        if (c.code >= kSize || kBytes[c.code] == kNone) return false;
        out += static_cast<char>(kBytes[c.code]);
        at += c.size;
    }
    return true;
}

}  // namespace ccr::tokens
