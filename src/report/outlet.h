// Outlet: where records go.
//
// On the reporter's thread alone; none of its calls waits.
#pragma once

#include "report/record.h"

namespace ccr::report {

class Outlet {
  public:
    virtual ~Outlet() = default;
    virtual void take(const Record& record) = 0;
    /// Nothing that was taken is still under way.
    virtual bool is_idle() const { return true; }
};

}  // namespace ccr::report
