#include "manifest/printable.h"

#include <fmt/format.h>

#include "json/utf8.h"

namespace ccr::manifest {

std::string printable(std::string_view text) {
    const std::string mended =
        json::is_valid_utf8(text) ? std::string(text) : json::mended_utf8(text);
    std::string out;
    for (std::size_t i = 0; i < mended.size(); ++i) {
        const auto byte = static_cast<unsigned char>(mended[i]);
        const auto next = i + 1 < mended.size() ? static_cast<unsigned char>(mended[i + 1]) : 0U;
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\u{:04x}", byte);
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            out +=
                fmt::format("\\u{:04x}", next);  // the other control characters, U+0080 to U+009F
            ++i;
        } else {
            out += mended[i];
        }
    }
    return out;
}

}  // namespace ccr::manifest
