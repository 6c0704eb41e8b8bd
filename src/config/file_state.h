// FileState: what stat() tells about a file, to notice changes that no event announced (network and
// container mounts do not deliver any). A plain value.
#pragma once

#include <sys/stat.h>

#include <string>
#include <tuple>

namespace ccr::config {

struct FileState {
    bool exists = false;
    std::tuple<unsigned long long, unsigned long long, long long, long long, long long> identity;

    friend bool operator==(const FileState&, const FileState&) = default;
};

inline FileState state_of(const std::string& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return {};
#ifdef __APPLE__
    const timespec changed = found.st_mtimespec;
#else
    const timespec changed = found.st_mtim;
#endif
    return {true, {found.st_dev, found.st_ino, found.st_size, changed.tv_sec, changed.tv_nsec}};
}

}  // namespace ccr::config
