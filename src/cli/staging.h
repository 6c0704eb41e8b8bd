// Staging: a directory for what is not complete yet, beside the place where it will be. Gone with
// the object.
//
// Main thread.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace ccr::cli {

class Staging {
  public:
    /// Inside `directory`, which is there. Error (config): it cannot be written to.
    static Result<Staging> make(const std::string& directory);
    Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, "")) {}
    Staging& operator=(Staging&&) = delete;
    ~Staging();

    const std::string& path() const { return path_; }
    /// Puts `from`, which is inside or is all of it, where nothing is yet. Error (config): it
    /// cannot be put there.
    static Result<void> move(const std::string& from, const std::string& to);

  private:
    explicit Staging(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

}  // namespace ccr::cli
