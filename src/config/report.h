// Report: collects the findings of one reading. One thread; lives as long as the reading.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.h"

namespace ccr::config {

/// `message` with the user and password of every URL in it hidden: a finding quotes what it found,
/// and a broken file can put a proxy's URL anywhere.
std::string without_user_info(std::string message);

class Report {
  public:
    explicit Report(std::string file) : file_(std::move(file)) {}

    Finding add(Severity severity, std::string code, Place place, std::string message) {
        findings_.push_back(
            {severity, std::move(code), file_, place, without_user_info(std::move(message))});
        return findings_.back();
    }
    Finding note(std::string code, Place place, std::string message) {
        return add(Severity::note, std::move(code), place, std::move(message));
    }
    Finding warn(std::string code, Place place, std::string message) {
        return add(Severity::warning, std::move(code), place, std::move(message));
    }
    Finding error(std::string code, Place place, std::string message) {
        return add(Severity::error, std::move(code), place, std::move(message));
    }
    /// In the order of their places; those of the file as a whole come last.
    std::vector<Finding> take();

  private:
    std::string file_;
    std::vector<Finding> findings_;
};

}  // namespace ccr::config
