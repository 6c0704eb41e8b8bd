// A fresh directory for one test, gone with its contents afterwards.
#pragma once

#include <filesystem>

namespace ccr::config::fixture {

class TemporaryDirectory {
  public:
    TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();
    /// Without symbolic links on the way.
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace ccr::config::fixture
