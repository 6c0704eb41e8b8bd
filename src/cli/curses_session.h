// The terminal as a screen to draw on, by ncurses, and a list to choose from on it.
//
// Main thread; one session at a time. The terminal is as it was when the session is destroyed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace ccr::cli {

class CursesSession {
  public:
    /// Error (config): the terminal is none that can be drawn on.
    static Result<std::unique_ptr<CursesSession>> open(bool colored);
    ~CursesSession();
    CursesSession(const CursesSession&) = delete;
    CursesSession& operator=(const CursesSession&) = delete;

    bool colored() const { return colored_; }

  private:
    explicit CursesSession(void* screen, bool colored);
    void* screen_;
    bool colored_;
};

/// Attributes for one line.
enum class Look : std::uint8_t { plain, bold, reversed, green, yellow, red };

void draw_line(int line, const std::string& text, Look look, bool is_chosen = false);

/// A list to choose from, narrowed by what is typed. Keys are ncurses'.
class Picker {
  public:
    Picker(std::string title, std::vector<std::string> items)
        : title_(std::move(title)), items_(std::move(items)) {}

    /// Draws and reads keys until Enter or Esc; "" for Esc.
    std::string run();

    /// False when it is over; chosen() says how.
    bool take(int key);
    const std::string& chosen() const { return chosen_; }
    std::vector<std::string> shown() const;
    std::size_t at() const { return at_; }

  private:
    void draw() const;

    std::string title_;
    std::vector<std::string> items_;
    std::string typed_, chosen_;
    std::size_t at_ = 0;
};

}  // namespace ccr::cli
