#include "cli/model_menu.h"

#define NCURSES_NOMACROS 1  // theirs are called erase, move and clear
#include <curses.h>
#include <fmt/format.h>

#include "cli/curses_session.h"

namespace ccr::cli {
namespace {

constexpr int kMenuEscape = 27, kMenuInterrupt = 3;
constexpr const char* kNotSet = "(not set)";

void draw_routes(const std::vector<MenuRoute>& routes, std::size_t at, const std::string& title,
                 const std::string& note) {
    ::erase();
    draw_line(0, title, Look::bold);
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const std::string& model = routes[i].model;
        draw_line(static_cast<int>(i) + 2,
                  fmt::format("  {:<14} {}", routes[i].name, model.empty() ? kNotSet : model),
                  Look::plain, i == at);
    }
    draw_line(LINES - 2, note, Look::plain);
    draw_line(LINES - 1, "up/down choose  Enter changes a route  q quit", Look::plain);
    ::refresh();
}

std::vector<std::string> items_for(const MenuRoute& route, const std::vector<std::string>& models) {
    std::vector<std::string> items = models;
    if (!route.model.empty() && route.name != "default") items.emplace_back(kNotSet);
    return items;
}

// What was done about one route; "" for nothing.
std::string change_route(const MenuDoings& doings, const MenuRoute& route, std::string& note) {
    const std::string chosen =
        Picker(route.name + " goes to", items_for(route, doings.models)).run();
    if (chosen.empty()) return "";
    const bool unset = chosen == kNotSet;
    auto told = doings.set(route.name, unset ? std::nullopt : std::optional(chosen));
    if (!told) {
        note = told.error().message;
        return "";
    }
    while (told->ends_with('\n')) told->pop_back();
    note = *told;
    return *std::move(told);
}

}  // namespace

Result<std::vector<std::string>> run_model_menu(const MenuDoings& doings, bool colored,
                                                const std::string& title) {
    TRY(std::vector<MenuRoute> routes, doings.routes());
    TRY(const auto session, CursesSession::open(colored));
    std::vector<std::string> done;
    std::string note;
    std::size_t at = 0;
    while (true) {
        ::timeout(-1);
        draw_routes(routes, at, title, note);
        const int key = ::getch();
        if (key == 'q' || key == kMenuEscape || key == kMenuInterrupt || key == ERR) return done;
        if (key == KEY_UP && at > 0) --at;
        if (key == KEY_DOWN && at + 1 < routes.size()) ++at;
        if (key != '\n' && key != '\r' && key != KEY_ENTER) continue;
        const std::string line = change_route(doings, routes[at], note);
        if (line.empty()) continue;
        done.push_back(line);
        TRY(routes, doings.routes());
    }
}

}  // namespace ccr::cli
