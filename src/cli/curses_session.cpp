#include "cli/curses_session.h"

#define NCURSES_NOMACROS 1  // theirs are called erase, move and clear
#include <curses.h>

#include <algorithm>
#include <clocale>
#include <cstdio>

namespace ccr::cli {
namespace {

constexpr int kEscapeKey = 27, kInterruptKey = 3;
constexpr int kAboveItems = 2, kBelowItems = 1;

chtype attribute_of(Look look) {
    switch (look) {
        case Look::bold:
            return A_BOLD;
        case Look::reversed:
            return A_REVERSE;
        case Look::green:
        case Look::yellow:
        case Look::red:
            return static_cast<chtype>(COLOR_PAIR(static_cast<int>(look)));
        case Look::plain:
            break;
    }
    return A_NORMAL;
}

}  // namespace

Result<std::unique_ptr<CursesSession>> CursesSession::open(bool colored) {
    std::setlocale(LC_CTYPE, "");
    SCREEN* const screen = ::newterm(nullptr, stdout, stdin);
    if (screen == nullptr)
        return fail(ErrorKind::config, "The terminal (TERM) is none that can be drawn on.");
    ::raw();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, TRUE);
    ::set_escdelay(50);
    ::curs_set(0);
    const bool has_colors = colored && ::has_colors();
    if (has_colors) {
        ::start_color();
        ::use_default_colors();
        ::init_pair(static_cast<short>(Look::green), COLOR_GREEN, -1);
        ::init_pair(static_cast<short>(Look::yellow), COLOR_YELLOW, -1);
        ::init_pair(static_cast<short>(Look::red), COLOR_RED, -1);
    }
    return std::unique_ptr<CursesSession>(new CursesSession(screen, has_colors));
}

CursesSession::CursesSession(void* screen, bool colored) : screen_(screen), colored_(colored) {}

CursesSession::~CursesSession() {
    ::endwin();
    ::delscreen(static_cast<SCREEN*>(screen_));
}

void draw_line(int line, const std::string& text, Look look, bool is_chosen) {
    const auto attributes =
        static_cast<int>(attribute_of(look) | (is_chosen ? A_REVERSE : A_NORMAL));
    ::attron(attributes);
    ::mvaddnstr(line, 0, text.c_str(), -1);
    ::attroff(attributes);
    ::clrtoeol();
}

std::string Picker::run() {
    ::timeout(-1);
    do {
        draw();
    } while (take(::getch()));
    return chosen_;
}

bool Picker::take(int key) {
    const std::vector<std::string> items = shown();
    if (key == kEscapeKey || key == kInterruptKey || key == ERR) return false;
    if (key == '\n' || key == '\r' || key == KEY_ENTER) {
        if (items.empty()) return true;
        chosen_ = items[at_];
        return false;
    }
    if (key == KEY_UP && at_ > 0) --at_;
    if (key == KEY_DOWN && at_ + 1 < items.size()) ++at_;
    if ((key == KEY_BACKSPACE || key == 127 || key == 8) && !typed_.empty()) typed_.pop_back();
    if (key >= ' ' && key < 127) typed_ += static_cast<char>(key);
    if (at_ >= shown().size()) at_ = 0;
    return true;
}

std::vector<std::string> Picker::shown() const {
    std::vector<std::string> out;
    for (const std::string& item : items_) {
        if (item.find(typed_) != std::string::npos) out.push_back(item);
    }
    return out;
}

void Picker::draw() const {
    ::erase();
    draw_line(0, title_, Look::bold);
    draw_line(1, "Search: " + typed_, Look::plain);
    const auto items = shown();
    const auto room = static_cast<std::size_t>(std::max(LINES - kAboveItems - kBelowItems, 1));
    const std::size_t first = at_ >= room ? at_ - room + 1 : 0;
    for (std::size_t i = first; i < items.size() && i < first + room; ++i)
        draw_line(kAboveItems + static_cast<int>(i - first), "  " + items[i], Look::plain,
                  i == at_);
    if (items.empty()) draw_line(kAboveItems, "  (nothing has that in its name)", Look::plain);
    draw_line(LINES - 1, "Enter chooses  Esc goes back  type to search", Look::plain);
    ::refresh();
}

}  // namespace ccr::cli
