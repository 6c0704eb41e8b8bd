// Colours of a status line: names of the palette and hex, as terminals take them (ECMA-48 SGR,
// xterm's 256 colours).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::statusline {

struct Rgb {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Rgb&) const = default;
};

/// `#RGB`, `#RRGGBB` or the same without `#`, `bg_` before it or not; nullopt for anything else.
std::optional<Rgb> hex_color(std::string_view text);

/// The colour of a palette's name (`red`, `bright_red`, `bg_red`, `bg_bright_red`, ...) or of hex,
/// as RGB.
std::optional<Rgb> rgb_of(std::string_view color);

/// The sequence that sets it for text, or behind text; "" for what is no colour. Names become the
/// terminal's own sixteen, hex its true colours.
std::string foreground(std::string_view color);
std::string background(std::string_view color);

std::string foreground(Rgb color);
std::string background(Rgb color);

inline constexpr std::string_view kReset = "\x1b[0m";

}  // namespace ccr::statusline
