// The size of a picture in pixels, read from the first bytes of its base64 text.
//
// PNG, GIF, WebP and JPEG, each as its specification has it. Any thread; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ccr::tokens {

struct ImageSize {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// nullopt when the format is none of these, is cut short, or has a side of zero.
std::optional<ImageSize> size_of_image(std::string_view base64);

/// The same of the picture's own bytes.
std::optional<ImageSize> size_of_image_bytes(std::string_view bytes);

}  // namespace ccr::tokens
