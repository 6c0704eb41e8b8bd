// The screen of `ccr top`: rows that are fetched once a second, and keys.
//
// Main thread, on a terminal. The terminal is as it was when the screen is destroyed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/top_rows.h"

namespace ccr::cli {

/// What the screen asks for; each returns a line for its foot.
struct TopDoings {
    std::function<Result<std::string>()> fetch;  // GET /sessions
    std::function<std::vector<std::string>()> models;
    std::function<std::string(const TopRow&, const std::string& model)> pin;
    std::function<std::string(const TopRow&)> cancel;
    std::function<void(const TopRow&)> show_log;  // the terminal is the callee's meanwhile
};

class TopScreen {
  public:
    /// Error (config): the terminal is none that can be drawn on.
    static Result<std::unique_ptr<TopScreen>> open(TopDoings doings, bool colored,
                                                   std::string title);
    ~TopScreen();

    /// Until q, Esc or Ctrl-C.
    void run();

  private:
    class Impl;
    explicit TopScreen(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::cli
