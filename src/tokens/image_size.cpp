#include "tokens/image_size.h"

#include <algorithm>
#include <array>
#include <string>

namespace ccr::tokens {
namespace {

constexpr std::size_t kFirstLook = 4096;  // base64 letters; enough but for JPEG with large metadata
constexpr std::size_t kSecondLook = 512 * 1024;

constexpr std::array<std::int8_t, 256> base64_values() {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kLetters.size(); ++i)
        values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::int8_t>(i);
    values['-'] = 62;
    values['_'] = 63;
    return values;
}

// Stops at the first character that is no letter of the alphabet.
std::string decoded(std::string_view base64) {
    static constexpr auto kValues = base64_values();
    std::string out;
    out.reserve(base64.size() * 3 / 4);
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : base64) {
        const std::int8_t value = kValues[static_cast<unsigned char>(c)];
        if (value < 0) break;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>(bits >> have);
    }
    return out;
}

// Numbers of a byte string; 0 beyond its end, which no size is.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    std::uint32_t at(std::size_t i) const {
        return i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0;
    }
    std::uint32_t big(std::size_t i, int count) const {
        std::uint32_t value = 0;
        for (int k = 0; k < count; ++k) value = value << 8 | at(i + static_cast<std::size_t>(k));
        return value;
    }
    std::uint32_t little(std::size_t i, int count) const {
        std::uint32_t value = 0;
        for (int k = count - 1; k >= 0; --k)
            value = value << 8 | at(i + static_cast<std::size_t>(k));
        return value;
    }
    std::size_t size() const { return bytes_.size(); }

  private:
    std::string_view bytes_;
};

// RFC 9649 (WebP): a lossy frame, a lossless one, or the extended header.
ImageSize webp(std::string_view text) {
    const Bytes bytes(text);
    const std::string_view chunk = text.substr(12, 4);
    if (chunk == "VP8 ") return {bytes.little(26, 2) & 0x3FFF, bytes.little(28, 2) & 0x3FFF};
    if (chunk == "VP8L") {
        const std::uint32_t bits = bytes.little(21, 4);
        return {(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
    }
    if (chunk == "VP8X") return {bytes.little(24, 3) + 1, bytes.little(27, 3) + 1};
    return {};
}

bool is_frame_header(std::uint32_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// ITU T.81, B.1: segments with their lengths until the frame header, which has the size.
ImageSize jpeg(std::string_view text) {
    const Bytes bytes(text);
    std::size_t at = 2;
    while (at + 9 < bytes.size()) {
        if (bytes.at(at) != 0xFF) return {};
        const std::uint32_t marker = bytes.at(at + 1);
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        if (is_frame_header(marker)) return {bytes.big(at + 7, 2), bytes.big(at + 5, 2)};
        const bool bare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        at += bare ? 2 : 2 + std::max<std::size_t>(2, bytes.big(at + 2, 2));
    }
    return {};
}

}  // namespace

std::optional<ImageSize> size_of_image_bytes(std::string_view text) {
    using namespace std::string_view_literals;
    const Bytes bytes(text);
    ImageSize size;
    if (text.starts_with("\x89PNG\r\n\x1A\n"sv))
        size = {bytes.big(16, 4), bytes.big(20, 4)};
    else if (text.starts_with("GIF8"sv))
        size = {bytes.little(6, 2), bytes.little(8, 2)};
    else if (text.starts_with("RIFF"sv) && text.size() > 30 && text.substr(8, 4) == "WEBP")
        size = webp(text);
    else if (text.starts_with("\xFF\xD8"sv))
        size = jpeg(text);
    if (size.width == 0 || size.height == 0) return std::nullopt;
    return size;
}

std::optional<ImageSize> size_of_image(std::string_view base64) {
    const auto size = size_of_image_bytes(decoded(base64.substr(0, kFirstLook)));
    if (size || base64.size() <= kFirstLook) return size;
    return size_of_image_bytes(decoded(base64.substr(0, kSecondLook)));
}

}  // namespace ccr::tokens
