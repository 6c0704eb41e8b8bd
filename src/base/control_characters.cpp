#include "base/control_characters.h"

namespace ccr {

std::size_t length_of_control(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte < 0x20 || byte == 0x7F) return 1;
    if (byte != 0xC2 || text.size() == 1) return 0;
    const auto next = static_cast<unsigned char>(text[1]);
    return next >= 0x80 && next < 0xA0 ? 2 : 0;
}

std::string without_controls(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t control = length_of_control(text);
        if (control == 0) out += text.front();
        text.remove_prefix(control == 0 ? 1 : control);
    }
    return out;
}

}  // namespace ccr
