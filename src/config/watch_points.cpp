#include "config/watch_points.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <system_error>

namespace ccr::config {
namespace fs = std::filesystem;
namespace {

// The components of a path still to be followed, the next one in front.
using Components = std::deque<fs::path>;

void push_front(Components& components, const fs::path& path) {
    std::vector<fs::path> parts;
    for (const fs::path& part : path.relative_path()) {
        if (!part.empty() && part != ".") parts.push_back(part);
    }
    components.insert(components.begin(), parts.begin(), parts.end());
}

}  // namespace

std::vector<WatchPoint> watch_points(const std::string& file) {
    constexpr int kMostLinks = 40;  // as the kernel
    std::vector<WatchPoint> out;
    std::error_code ignored;
    const fs::path absolute = fs::absolute(file, ignored);
    fs::path directory = absolute.root_path().empty() ? fs::path("/") : absolute.root_path();
    Components components;
    push_front(components, absolute);
    int links = 0;
    while (!components.empty()) {
        const fs::path name = components.front();
        components.pop_front();
        if (name == "..") {
            directory = directory.parent_path();
            continue;
        }
        const fs::path entry = directory / name;
        const fs::file_status status = fs::symlink_status(entry, ignored);
        const bool is_link = fs::is_symlink(status);
        WatchPoint point{directory.string(), name.string()};
        if (is_link || components.empty() || !fs::exists(status)) {
            if (std::ranges::find(out, point) == out.end()) out.push_back(std::move(point));
        }
        if (!fs::exists(status) || (is_link && ++links > kMostLinks)) break;
        if (!is_link) {
            directory = entry;
            continue;
        }
        const fs::path target = fs::read_symlink(entry, ignored);
        if (target.is_absolute()) directory = target.root_path();
        push_front(components, target);
    }
    return out;
}

}  // namespace ccr::config
