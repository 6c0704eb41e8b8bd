// `ccr model` without arguments in a terminal: routes to choose from, and models for each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace ccr::cli {

struct MenuRoute {
    std::string name;
    std::string model;  // "" = not set
};

struct MenuDoings {
    std::function<Result<std::vector<MenuRoute>>()> routes;
    std::vector<std::string> models;
    /// Sets a route, or takes it out for nullopt; the line that says so.
    std::function<Result<std::string>(const std::string& route,
                                      const std::optional<std::string>& model)>
        set;
};

/// Until q, Esc or Ctrl-C; the lines of what was done. Error: no terminal to draw on, or routes
/// that cannot be read.
Result<std::vector<std::string>> run_model_menu(const MenuDoings& doings, bool colored,
                                                const std::string& title);

}  // namespace ccr::cli
