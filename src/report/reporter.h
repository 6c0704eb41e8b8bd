// Reporter: hears of requests and tells the owner's handlers how fast their answers come.
//
// hear() is called on the requests' threads and never waits for a handler: those have a thread of
// the reporter's own, which begins with the first record. One per process; whatever calls hear()
// must have ended before it is destroyed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "config/config.h"
#include "config/loader.h"
#include "event/event.h"

namespace ccr::report {

/// The directory for temporary files as Node has it, where version 2 and its readers look: TMPDIR,
/// TMP or TEMP, else /tmp.
std::string temporary_directory(const config::Environment& environment);

class Reporter {
  public:
    /// `config`: the snapshot in force, from any thread. `directory`: for temporary files.
    Reporter(std::function<config::ConfigPtr()> config, std::string directory);
    /// Webhooks get a last second.
    ~Reporter();

    void hear(const event::Event& event);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::report
