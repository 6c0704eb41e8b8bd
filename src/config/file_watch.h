// FileWatch: tells when a file may have changed, by whatever way: written in place, replaced by
// rename, created, deleted, or reached through symbolic links that now point elsewhere.
//
// One thread waits; wake() may come from any thread. Linux watches directories with inotify,
// elsewhere the file's state is compared twice a second.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"

namespace ccr::config {

class FileWatch {
  public:
    /// Watching works even while the file, or its directory, does not exist.
    static std::unique_ptr<FileWatch> open(const std::string& file);
    virtual ~FileWatch() = default;

    enum class Event { changed, woken, timeout };
    /// Waits for the first of: a possible change, wake(), or the end of `patience`.
    virtual Event wait(std::chrono::milliseconds patience) = 0;
    /// Makes the present or the next wait() return; one call, one return.
    virtual void wake() = 0;
};

}  // namespace ccr::config
