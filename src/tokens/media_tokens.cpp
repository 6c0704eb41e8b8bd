#include "tokens/media_tokens.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text_case.h"

namespace ccr::tokens {
namespace {

constexpr std::int64_t kUsualPages = 2;

std::int64_t whole(double tokens) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(tokens)));
}

std::int64_t parts(double length, double of) {
    return static_cast<std::int64_t>(std::ceil(length / of));
}

// docs.anthropic.com, vision: width * height / 750; what is longer than 1568 pixels on one side or
// more than about 1600 tokens is scaled down first.
std::int64_t claude_tokens(double width, double height) {
    constexpr double kLongest = 1568, kPixelsPerToken = 750, kMost = 1600;
    const double scale = std::min(1.0, kLongest / std::max(width, height));
    return whole(std::min(width * scale * height * scale / kPixelsPerToken, kMost));
}

// platform.openai.com, images and vision, "Calculating costs": a base and tiles of 512 pixels,
// after fitting into 2048 by 2048 and then to 768 on the shorter side; or patches of 32 pixels, at
// most 1536, times a factor.
struct Tiled {
    std::string_view model;
    std::int64_t base, tile;
};
constexpr std::array kTiled = std::to_array<Tiled>({
    {"gpt-4o-mini", 2833, 5667},
    {"gpt-5", 70, 140},
    {"o1", 75, 150},
    {"o3", 75, 150},
    {"computer-use", 65, 129},
    {"", 85, 170},
});
struct Patched {
    std::string_view model;
    double factor;
};
constexpr std::array kPatched = std::to_array<Patched>({
    {"gpt-5-mini", 1.62},
    {"gpt-5-nano", 2.46},
    {"gpt-4.1-mini", 1.62},
    {"gpt-4.1-nano", 2.46},
    {"o4-mini", 1.72},
});

std::int64_t tiles_of(double width, double height) {
    const double fit = std::min(1.0, 2048 / std::max(width, height));
    const double shrink = std::min(1.0, 768 / (std::min(width, height) * fit));
    return parts(width * fit * shrink, 512) * parts(height * fit * shrink, 512);
}

double patches_of(double width, double height) {
    constexpr double kMost = 1536;
    return std::min(kMost, static_cast<double>(parts(width, 32) * parts(height, 32)));
}

std::int64_t openai_tokens(std::string_view model, double width, double height) {
    for (const Patched& patched : kPatched) {
        if (model.find(patched.model) != std::string_view::npos)
            return whole(patches_of(width, height) * patched.factor);
    }
    const auto* const tiled = std::ranges::find_if(
        kTiled, [&](const Tiled& t) { return model.find(t.model) != std::string_view::npos; });
    return tiled->base + tiled->tile * tiles_of(width, height);
}

// ai.google.dev, "Understand and count tokens": 258 for up to 384 pixels on both sides, else 258
// for each tile; a tile has the shorter side over 1.5, from 256 to 768 pixels.
std::int64_t gemini_tokens(double width, double height) {
    constexpr std::int64_t kTile = 258;
    if (width <= 384 && height <= 384) return kTile;
    const double unit = std::clamp(std::floor(std::min(width, height) / 1.5), 256.0, 768.0);
    return kTile * parts(width, unit) * parts(height, unit);
}

}  // namespace

MediaRule media_rule_of(std::string_view model) {
    const std::string name = lower_case(model);
    const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    if (has("gemini")) return MediaRule::gemini;
    const std::size_t slash = name.rfind('/');
    const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
    const bool is_o_series = last.size() > 1 && last[0] == 'o' && last[1] >= '1' && last[1] <= '9';
    return has("gpt-") || has("computer-use") || is_o_series ? MediaRule::openai
                                                             : MediaRule::anthropic;
}

std::int64_t image_tokens(MediaRule rule, std::string_view model, std::optional<ImageSize> size) {
    constexpr ImageSize kUsual{1024, 1024};
    const double width = size.value_or(kUsual).width, height = size.value_or(kUsual).height;
    switch (rule) {
        case MediaRule::openai:
            return openai_tokens(lower_case(model), width, height);
        case MediaRule::gemini:
            return gemini_tokens(width, height);
        default:
            return size ? claude_tokens(width, height) : 1600;
    }
}

// Anthropic: a page of PDF counts 1500 to 3000 tokens as text and the same page as an image.
// Gemini: 258 a page.
std::int64_t document_tokens(MediaRule rule) {
    return kUsualPages * (rule == MediaRule::gemini ? 258 : 1500);
}

}  // namespace ccr::tokens
