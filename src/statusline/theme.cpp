#include "statusline/theme.h"

#include <utility>

namespace ccr::statusline {
namespace {

// Nerd Fonts' cheat sheet (nerdfonts.com): md-folder_outline, dev-git_branch, md-robot_outline.
constexpr std::string_view kFolder = "\U000F024B";
constexpr std::string_view kBranch = "\U0000E725";
constexpr std::string_view kRobot = "\U000F06A9";

std::string text_at(const config::Node& node, std::string_view name) {
    return node[name].scalar_text().value_or("");
}

Module read_module(const config::Node& node) {
    return {text_at(node, "type"),
            text_at(node, "icon"),
            text_at(node, "text"),
            text_at(node, "color"),
            text_at(node, "background"),
            text_at(node, "scriptPath"),
            node["options"] ? node["options"].json() : std::string()};
}

}  // namespace

Icons icons_of(std::string_view use_simple_icons, std::string_view term) {
    const bool simple = use_simple_icons == "true" || term == "dumb" || term == "unknown";
    return simple ? Icons::simple : Icons::nerd_font;
}

Theme built_in(Icons icons) {
    const auto icon = [icons](std::string_view glyph) {
        return icons == Icons::nerd_font ? std::string(glyph) : std::string();
    };
    return {false,
            {{"workDir", icon(kFolder), "{{workDirName}}", "bright_blue", "", "", ""},
             {"gitBranch", icon(kBranch), "{{gitBranch}}", "bright_magenta", "", "", ""},
             {"model", icon(kRobot), "{{model}}", "bright_cyan", "", "", ""},
             {"usage", "↑", "{{inputTokens}}", "bright_green", "", "", ""},
             {"usage", "↓", "{{outputTokens}}", "bright_yellow", "", "", ""}}};
}

Theme theme_of(const config::Node& status_line, Icons icons) {
    const std::string named = text_at(status_line, "currentStyle");
    const std::string style = named.empty() ? "default" : named;
    const config::Node modules = status_line[style]["modules"];
    Theme theme = built_in(icons);
    theme.powerline = style == "powerline";
    if (!modules.is_array()) {
        // Segments need something to be drawn on; the lines' own colours are it.
        for (Module& module : theme.modules) {
            if (theme.powerline) module.background = "bg_" + std::exchange(module.color, "white");
        }
        return theme;
    }
    theme.modules.clear();
    for (const config::Node& node : modules.elements()) theme.modules.push_back(read_module(node));
    return theme;
}

}  // namespace ccr::statusline
