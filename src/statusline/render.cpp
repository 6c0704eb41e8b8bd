#include "statusline/render.h"

#include "statusline/color.h"

namespace ccr::statusline {
namespace {

constexpr std::size_t kMostSegments = 10;
constexpr std::string_view kArrow = "\U0000E0B0";  // pl-left_hard_divider
constexpr Rgb kOtherBackground{33, 150, 243};      // where a segment's own is no colour
constexpr std::string_view kUsualBackground = "bg_bright_blue";
constexpr std::string_view kUsualColor = "white";

struct Shown {
    const Module* module;
    std::string text;  // with its icon
};

std::vector<Shown> shown(const Theme& theme, const std::vector<std::string>& texts) {
    std::vector<Shown> out;
    for (std::size_t i = 0; i < theme.modules.size() && i < texts.size(); ++i) {
        const Module& module = theme.modules[i];
        if (texts[i].empty()) continue;
        out.push_back({&module, module.icon.empty() ? texts[i] : module.icon + " " + texts[i]});
    }
    return out;
}

std::string plain(const std::vector<Shown>& parts) {
    std::string out;
    for (const Shown& part : parts) out += (out.empty() ? "" : " ") + part.text;
    return out;
}

std::string colored_parts(const std::vector<Shown>& parts) {
    std::string out;
    for (const Shown& part : parts) {
        if (!out.empty()) out += ' ';
        out += background(part.module->background) + foreground(part.module->color) + part.text;
        out += kReset;
    }
    return out;
}

struct Paint {
    Rgb behind, text;
};

Paint paint_of(const Module& module) {
    const auto own = [](const std::string& color, std::string_view usual) {
        return rgb_of(color.empty() ? usual : std::string_view(color));
    };
    const auto white = *rgb_of(kUsualColor);
    const auto behind = own(module.background, kUsualBackground);
    if (!behind) return {kOtherBackground, white};
    return {*behind, own(module.color, kUsualColor).value_or(white)};
}

std::string powerline(std::vector<Shown> parts) {
    if (parts.size() > kMostSegments) parts.resize(kMostSegments);
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Paint paint = paint_of(*parts[i].module);
        out += background(paint.behind) + foreground(paint.text) + " " + parts[i].text + " ";
        out += kReset;
        if (i + 1 < parts.size()) out += background(paint_of(*parts[i + 1].module).behind);
        out += foreground(paint.behind);
        out += kArrow;
        out += kReset;
    }
    return out;
}

}  // namespace

std::string render(const Theme& theme, const std::vector<std::string>& texts, bool colored) {
    std::vector<Shown> parts = shown(theme, texts);
    if (!colored) return plain(parts);
    return theme.powerline ? powerline(std::move(parts)) : colored_parts(parts);
}

}  // namespace ccr::statusline
