#include "cli/top_screen.h"

#include "cli/curses_session.h"

#define NCURSES_NOMACROS 1  // theirs are called erase, move and clear
#include <curses.h>

#include <algorithm>
#include <chrono>

namespace ccr::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRefresh{1000};
constexpr int kWaitForKey = 200;  // ms
constexpr int kEscape = 27;
constexpr int kInterrupt = 3;
constexpr int kTopLines = 2, kFootLines = 2;

}  // namespace

class TopScreen::Impl {
  public:
    Impl(TopDoings doings, std::string title, std::unique_ptr<CursesSession> session)
        : doings_(std::move(doings)), title_(std::move(title)), session_(std::move(session)) {
        ::timeout(kWaitForKey);
    }

    void run() {
        while (true) {
            if (Clock::now() >= next_) fetch();
            draw();
            const int key = ::getch();
            if (key == 'q' || key == 'Q' || key == kEscape || key == kInterrupt) return;
            take(key);
        }
    }

  private:
    void fetch() {
        next_ = Clock::now() + kRefresh;
        const auto answer = doings_.fetch();
        if (!answer) {
            note_ = answer.error().message;
            return;
        }
        const TopRow before = at_ < rows_.size() ? rows_[at_] : TopRow();
        rows_ = top_rows(*answer);
        // The chosen row stays chosen wherever it has moved.
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].session == before.session && rows_[i].agent == before.agent) at_ = i;
        }
        if (at_ >= rows_.size()) at_ = rows_.empty() ? 0 : rows_.size() - 1;
    }

    Look look_of(const TopRow& row) const {
        const bool streams = row.state == "streaming";
        if (!session_->colored()) return streams ? Look::bold : Look::plain;
        if (streams) return Look::green;
        if (row.state == "waiting") return Look::yellow;
        return row.errors ? Look::red : Look::plain;
    }

    void draw() const {
        ::erase();
        const auto width = static_cast<std::size_t>(std::max(COLS - 1, 1));
        draw_line(0, title_ + "   " + top_summary(rows_), Look::plain);
        draw_line(1, top_heading(width), Look::bold);
        const auto room = static_cast<std::size_t>(std::max(LINES - kTopLines - kFootLines, 1));
        const std::size_t first = at_ >= room ? at_ - room + 1 : 0;
        for (std::size_t i = first; i < rows_.size() && i < first + room; ++i)
            draw_line(kTopLines + static_cast<int>(i - first), top_line(rows_[i], width),
                      look_of(rows_[i]), i == at_);
        if (rows_.empty()) draw_line(kTopLines, "No session has sent a request yet.", Look::plain);
        draw_line(LINES - 2, note_.substr(0, width), Look::plain);
        draw_line(LINES - 1, "up/down choose  p pin a model  c cancel  l log  q quit", Look::plain);
        ::refresh();
    }

    void take(int key) {
        if (key == KEY_UP && at_ > 0) --at_;
        if (key == KEY_DOWN && at_ + 1 < rows_.size()) ++at_;
        if (key == KEY_RESIZE) ::clear();
        if (rows_.empty()) return;
        if (key == 'p') pin();
        if (key == 'c') cancel();
        if (key == 'l') show_log();
    }

    void pin() {
        const TopRow row = rows_[at_];
        const std::string model =
            Picker("Pin session " + row.session + " to", doings_.models()).run();
        ::timeout(kWaitForKey);
        if (!model.empty()) note_ = doings_.pin(row, model);
        next_ = {};
    }

    void cancel() {
        const TopRow row = rows_[at_];
        draw_line(LINES - 2,
                  "Cancel what session " + row.session.substr(0, 8) + " is waiting for? (y/n)",
                  Look::bold);
        ::refresh();
        ::timeout(-1);
        const int key = ::getch();
        ::timeout(kWaitForKey);
        note_ = key == 'y' || key == 'Y' ? doings_.cancel(row) : "Nothing was cancelled.";
        next_ = {};
    }

    void show_log() {
        ::def_prog_mode();
        ::endwin();
        doings_.show_log(rows_[at_]);
        ::reset_prog_mode();
        ::clear();
        ::refresh();
        next_ = {};
    }

    TopDoings doings_;
    std::string title_, note_;
    std::unique_ptr<CursesSession> session_;
    std::vector<TopRow> rows_;
    std::size_t at_ = 0;
    Clock::time_point next_{};
};

Result<std::unique_ptr<TopScreen>> TopScreen::open(TopDoings doings, bool colored,
                                                   std::string title) {
    TRY(auto session, CursesSession::open(colored));
    return std::unique_ptr<TopScreen>(new TopScreen(
        std::make_unique<Impl>(std::move(doings), std::move(title), std::move(session))));
}

TopScreen::TopScreen(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TopScreen::~TopScreen() = default;

void TopScreen::run() {
    impl_->run();
}

}  // namespace ccr::cli
