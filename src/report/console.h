// Console: records as lines on the service's own output.
//
// On the reporter's thread. A reader that does not read costs lines, never a wait.
#pragma once

#include <string>

#include "config/token_speed.h"
#include "report/console_stream.h"
#include "report/outlet.h"

namespace ccr::report {

/// One record as it is printed, with the line's end.
std::string console_text(const Record& record, const config::TokenSpeed& form,
                         const config::ConsoleOutput& settings, bool colored);

class Console : public Outlet {
  public:
    Console(config::TokenSpeed form, config::ConsoleOutput settings);
    void take(const Record& record) override;

  private:
    config::TokenSpeed form_;
    config::ConsoleOutput settings_;
    bool colored_;
    ConsoleStream stream_;
};

}  // namespace ccr::report
