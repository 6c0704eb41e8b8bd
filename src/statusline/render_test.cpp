#include "statusline/render.h"

#include <gtest/gtest.h>

#include <string>

#include "config/json5.h"
#include "statusline/color.h"

namespace ccr::statusline {
namespace {

// Escapes as ^, so that a difference can be read.
std::string legible(std::string line) {
    for (char& c : line) {
        if (c == '\x1b') c = '^';
    }
    return line;
}

Module module_of(std::string text, std::string color = "", std::string background = "",
                 std::string icon = "") {
    return {"x", std::move(icon), std::move(text), std::move(color), std::move(background), "", ""};
}

std::string line(const Theme& theme, bool colored = true) {
    std::vector<std::string> texts;
    for (const Module& module : theme.modules) texts.push_back(module.text);
    return legible(render(theme, texts, colored));
}

TEST(DefaultStyle, PartsAreColouredAndParted) {
    const Theme theme{
        false,
        {module_of("a", "bright_blue", "", "I"), module_of(""), module_of("b", "#ff8000", "bg_red"),
         module_of("c", "f80", "#010203"), module_of("d", "no colour")}};
    EXPECT_EQ(line(theme),
              "^[94mI a^[0m ^[41m^[38;2;255;128;0mb^[0m "
              "^[48;2;1;2;3m^[38;2;255;136;0mc^[0m d^[0m");
    EXPECT_EQ(line(theme, false), "I a b c d");
}

TEST(DefaultStyle, L2_EveryNameOfThePaletteIsAColour) {
    const char* names[] = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
    for (int i = 0; i < 8; ++i) {
        const std::string name = names[i];
        EXPECT_EQ(legible(foreground(name)), "^[" + std::to_string(30 + i) + "m");
        EXPECT_EQ(legible(foreground("bright_" + name)), "^[" + std::to_string(90 + i) + "m");
        EXPECT_EQ(legible(background("bg_" + name)), "^[" + std::to_string(40 + i) + "m");
        EXPECT_EQ(legible(background("bg_bright_" + name)), "^[" + std::to_string(100 + i) + "m");
    }
    for (const char* other : {"", "blu", "#12", "#12345g", "bright_", "#1234567", "bg_"})
        EXPECT_EQ(foreground(other), "") << other;
}

TEST(Powerline, SegmentsJoinByArrowsInTheirColours) {
    const Theme theme{true,
                      {module_of("a", "white", "bg_bright_blue"), module_of("", "", "bg_red"),
                       module_of("b", "#000000", "bg_#102030", "I")}};
    EXPECT_EQ(line(theme),
              "^[48;2;0;0;255m^[38;2;192;192;192m a ^[0m"
              "^[48;2;16;32;48m^[38;2;0;0;255m\U0000E0B0^[0m"
              "^[48;2;16;32;48m^[38;2;0;0;0m I b ^[0m^[38;2;16;32;48m\U0000E0B0^[0m");
}

TEST(Powerline, L5_NothingIsDrawnForWhatIsLeftOut) {
    const Theme alone{true, {module_of("a", "white", "bg_red")}};
    const Theme with_empty{true, {module_of(""), module_of("a", "white", "bg_red"), module_of("")}};
    EXPECT_EQ(line(with_empty), line(alone));
}

TEST(Powerline, DefaultsAndUnknownColours) {
    EXPECT_EQ(line({true, {module_of("a")}}),
              "^[48;2;0;0;255m^[38;2;192;192;192m a ^[0m^[38;2;0;0;255m\U0000E0B0^[0m");
    EXPECT_EQ(line({true, {module_of("a", "red", "bg_nothing")}}),
              "^[48;2;33;150;243m^[38;2;192;192;192m a ^[0m^[38;2;33;150;243m\U0000E0B0^[0m");
    EXPECT_EQ(rgb_of("bg_bright_orange"), (Rgb{255, 95, 0}));
    EXPECT_EQ(rgb_of("bg_bright_purple"), (Rgb{175, 0, 255}));
    Theme many{true, {}};
    for (int i = 0; i < 12; ++i) many.modules.push_back(module_of(std::to_string(i)));
    EXPECT_NE(line(many).find(" 9 "), std::string::npos);
    EXPECT_EQ(line(many).find(" 10 "), std::string::npos);
}

Theme theme_in(const std::string& json5, Icons icons = Icons::nerd_font) {
    const auto document = config::parse_json5(json5, "test");
    return theme_of(config::Node::root_of(*document), icons);
}

TEST(Themes, TheStyleThatIsNamedHolds) {
    const std::string text =
        "{currentStyle: 'powerline', default: {modules: [{type: 'model', text: 'd'}]},"
        " powerline: {modules: [{type: 'script', scriptPath: '/x.js', options: {a: 1}, icon: 'i', "
        "color: 'red', background: 'bg_blue'}]}}";
    const Theme theme = theme_in(text);
    EXPECT_TRUE(theme.powerline);
    ASSERT_EQ(theme.modules.size(), 1u);
    EXPECT_TRUE(theme.modules[0].is_script());
    EXPECT_EQ(theme.modules[0].options, "{\"a\":1}");
    EXPECT_EQ(theme.modules[0].background, "bg_blue");
    EXPECT_EQ(theme_in("{default: {modules: [{text: 'd'}]}}").modules[0].text, "d");
    EXPECT_EQ(theme_in("{currentStyle: 'mine', mine: {modules: []}}").modules.size(), 0u);
}

TEST(Themes, TheBuiltInOneStandsInWithIconsWhereTheFontHasThem) {
    EXPECT_EQ(theme_in("{}").modules.size(), 5u);
    EXPECT_EQ(theme_in("{}").modules[1].icon, "\U0000E725");
    EXPECT_EQ(theme_in("{}", Icons::simple).modules[1].icon, "");
    EXPECT_EQ(theme_in("{}", Icons::simple).modules[3].icon, "↑");
    const Theme powerline = theme_in("{currentStyle: 'powerline'}");
    EXPECT_TRUE(powerline.powerline);
    EXPECT_EQ(powerline.modules[0].background, "bg_bright_blue");
    EXPECT_EQ(powerline.modules[0].color, "white");
    EXPECT_EQ(icons_of("true", "xterm"), Icons::simple);
    EXPECT_EQ(icons_of("", "dumb"), Icons::simple);
    EXPECT_EQ(icons_of("", "xterm-256color"), Icons::nerd_font);
}

}  // namespace
}  // namespace ccr::statusline
