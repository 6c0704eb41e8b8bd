// TextFile: the text of a file that a setting names, read again when the file has changed.
//
// Any thread. A file that cannot be used is told of once for each state it is in.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "config/file_state.h"

namespace ccr::config {

class TextFile {
  public:
    using OnProblem = std::function<void(const std::string& message)>;
    /// `setting`: whose file it is, for people.
    TextFile(std::string setting, OnProblem on_problem)
        : setting_(std::move(setting)), on_problem_(std::move(on_problem)) {}

    /// nullptr where `path` is empty, or names nothing that can be used.
    std::shared_ptr<const std::string> text(const std::string& path);

  private:
    void read();

    std::string setting_;
    OnProblem on_problem_;
    std::mutex mutex_;
    bool read_once_ = false;
    std::string path_;
    FileState state_;
    std::shared_ptr<const std::string> text_;
};

}  // namespace ccr::config
