#include "statusline/color.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ccr::statusline {
namespace {

constexpr std::string_view kBehind = "bg_";
constexpr std::string_view kBright = "bright_";

constexpr std::array<std::string_view, 8> kNames = {"black", "red",     "green", "yellow",
                                                    "blue",  "magenta", "cyan",  "white"};

// xterm's first sixteen.
constexpr std::array<Rgb, 16> kBasic = {{{0, 0, 0},
                                         {128, 0, 0},
                                         {0, 128, 0},
                                         {128, 128, 0},
                                         {0, 0, 128},
                                         {128, 0, 128},
                                         {0, 128, 128},
                                         {192, 192, 192},
                                         {128, 128, 128},
                                         {255, 0, 0},
                                         {0, 255, 0},
                                         {255, 255, 0},
                                         {0, 0, 255},
                                         {255, 0, 255},
                                         {0, 255, 255},
                                         {255, 255, 255}}};

// Two names beyond the sixteen: 202 and 129 of xterm's cube, whose steps are 0, 95, 135 ... 255.
constexpr Rgb kOrange{255, 95, 0};
constexpr Rgb kPurple{175, 0, 255};

std::string_view without(std::string_view prefix, std::string_view text) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

// 0..15, by name.
std::optional<std::size_t> basic_index(std::string_view color) {
    const std::string_view name = without(kBehind, color);
    const auto found = std::ranges::find(kNames, without(kBright, name));
    if (found == kNames.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(found - kNames.begin());
    return name.starts_with(kBright) ? index + kNames.size() : index;
}

std::optional<std::uint8_t> byte_of(std::string_view digits) {
    std::uint8_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::string sequence(std::string_view color, int base, int bright_base, auto of_rgb) {
    if (const auto index = basic_index(color)) {
        const auto in_row = static_cast<int>(*index % kNames.size());
        return fmt::format("\x1b[{}m", (*index < kNames.size() ? base : bright_base) + in_row);
    }
    const auto rgb = rgb_of(color);
    return rgb ? of_rgb(*rgb) : std::string();
}

}  // namespace

std::optional<Rgb> hex_color(std::string_view text) {
    std::string digits(without("#", without(kBehind, text)));
    if (digits.size() == 3)
        digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
    if (digits.size() != 6) return std::nullopt;
    const std::string_view all = digits;
    const auto red = byte_of(all.substr(0, 2));
    const auto green = byte_of(all.substr(2, 2));
    const auto blue = byte_of(all.substr(4, 2));
    if (!red || !green || !blue) return std::nullopt;
    return Rgb{*red, *green, *blue};
}

std::optional<Rgb> rgb_of(std::string_view color) {
    if (const auto index = basic_index(color)) return kBasic[*index];
    const std::string_view name = without(kBehind, color);
    if (name == "bright_orange") return kOrange;
    if (name == "bright_purple") return kPurple;
    return hex_color(color);
}

std::string foreground(Rgb color) {
    return fmt::format("\x1b[38;2;{};{};{}m", color.red, color.green, color.blue);
}

std::string background(Rgb color) {
    return fmt::format("\x1b[48;2;{};{};{}m", color.red, color.green, color.blue);
}

std::string foreground(std::string_view color) {
    return sequence(color, 30, 90, [](Rgb rgb) { return foreground(rgb); });
}

std::string background(std::string_view color) {
    return sequence(color, 40, 100, [](Rgb rgb) { return background(rgb); });
}

}  // namespace ccr::statusline
