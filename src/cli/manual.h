// The manual: what the tree of commands says, as a page for man(1) and as Markdown.
//
// Pure functions; main thread.
#pragma once

#include <string>

namespace ccr::cli {

/// ccr(1), in man(7)'s macros.
std::string manual_page();

/// The same for docs/commands.md.
std::string manual_markdown();

}  // namespace ccr::cli
