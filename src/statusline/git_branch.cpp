#include "statusline/git_branch.h"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace ccr::statusline {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBranches = "ref: refs/heads/";
constexpr std::string_view kElsewhere = "gitdir: ";

std::string first_line(const fs::path& path) {
    constexpr std::size_t kLongest = 4096;
    std::error_code none;
    if (!fs::is_regular_file(path, none)) return "";  // an archive may hold anything
    std::ifstream file(path, std::ios::binary);
    std::string text(kLongest, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text.substr(0, text.find_first_of("\r\n"));
}

// Where the repository of the folder that holds `git` keeps its HEAD.
fs::path repository_of(const fs::path& git) {
    std::error_code none;
    if (fs::is_directory(git, none)) return git;
    const std::string line = first_line(git);
    if (!line.starts_with(kElsewhere)) return {};
    const fs::path named = line.substr(kElsewhere.size());
    return named.is_absolute() ? named : git.parent_path() / named;
}

}  // namespace

std::string git_branch(const std::string& directory) {
    std::error_code none;
    if (directory.empty()) return "";
    for (fs::path folder = directory;; folder = folder.parent_path()) {
        const fs::path git = folder / ".git";
        if (fs::exists(git, none)) {
            const std::string head = first_line(repository_of(git) / "HEAD");
            return head.starts_with(kBranches) ? head.substr(kBranches.size()) : "";
        }
        if (!folder.has_relative_path()) return "";
    }
}

}  // namespace ccr::statusline
