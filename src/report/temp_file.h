// TempFile: the latest record of each session as a file, where status lines look for it.
//
// On the reporter's thread. Readers see a whole record or the one before; other users see none.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/token_speed.h"
#include "report/outlet.h"

namespace ccr::report {

/// Writes `content` to `root`/`directory`/`name` at once, as a file of mode 0600. What is missing
/// of `directory` is made, for this user alone. Error (config): why not, such as a directory that
/// others may write to.
Result<void> write_temp_file(const std::string& root, const std::string& directory,
                             const std::string& name, const std::string& content);

class TempFile : public Outlet {
  public:
    /// `root`: the directory for temporary files.
    TempFile(std::string root, config::FileOutput settings);
    void take(const Record& record) override;

  private:
    struct Kept {
        std::string name;
        std::chrono::system_clock::time_point written;
    };
    std::string name_for(const Record& record) const;
    bool is_own(std::string_view name) const;
    void find_former();
    void keep(const std::string& name, const Record& record);

    std::string root_;
    config::FileOutput settings_;
    std::deque<Kept> kept_;  // the oldest first
    bool looked_ = false;    // for files of former runs
    std::string told_;       // the trouble that was told of last
};

}  // namespace ccr::report
