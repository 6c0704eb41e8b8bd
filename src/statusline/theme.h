// Theme: what a status line is made of, from the configuration's `StatusLine` or built in.
//
// Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace ccr::statusline {

struct Module {
    std::string type;   // matters for "script" alone
    std::string icon;   // before the text; "" = none
    std::string text;   // with {{variables}}
    std::string color;  // a name of the palette, or hex
    std::string background;
    std::string script;   // type "script": the file; "" = the text is meant
    std::string options;  // for the script, JSON; "" = none

    bool is_script() const { return type == "script" && !script.empty(); }
};

struct Theme {
    bool powerline = false;
    std::vector<Module> modules;
};

/// Whether the terminal's font has icons.
enum class Icons : std::uint8_t { nerd_font, simple };

/// USE_SIMPLE_ICONS=true, or a terminal that says it can do little.
Icons icons_of(std::string_view use_simple_icons, std::string_view term);

Theme built_in(Icons icons);

/// The style that `status_line.currentStyle` names, `default` when it names none; the built-in
/// theme where that style has no modules.
Theme theme_of(const config::Node& status_line, Icons icons);

}  // namespace ccr::statusline
