// Which directory entries decide what a path means: the file itself, and every symbolic link on the
// way to it. Reads the file system; any thread.
#pragma once

#include <string>
#include <vector>

namespace ccr::config {

struct WatchPoint {
    std::string directory;  // exists
    std::string name;       // the entry in it to look out for
    friend bool operator==(const WatchPoint&, const WatchPoint&) = default;
};

/// Follows `file` component by component. Ends at the file, or at the first entry that does not
/// exist.
std::vector<WatchPoint> watch_points(const std::string& file);

}  // namespace ccr::config
