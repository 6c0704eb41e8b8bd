#include "cli/preset_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/sha256.h"
#include "config/read_file.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 2000;
constexpr std::uintmax_t kMostBytes = 64u << 20;

std::unexpected<Error> refused(const fs::path& path, std::string_view why) {
    return fail(ErrorKind::config, fmt::format("{}: {}", path.string(), why));
}

bool is_version_control(const fs::path& path) {
    return path.filename() == ".git";
}

/// Its regular files, relative to it, by name; `.git` is not looked into.
Result<std::vector<fs::path>> files_of(const fs::path& directory) {
    std::vector<fs::path> out;
    std::error_code error;
    fs::recursive_directory_iterator entry(directory, error), end;
    for (; !error && entry != end; entry.increment(error)) {
        if (is_version_control(entry->path())) {
            if (entry->symlink_status().type() == fs::file_type::directory)
                entry.disable_recursion_pending();
            continue;
        }
        const fs::file_type type = entry->symlink_status().type();
        if (type == fs::file_type::directory) continue;
        if (type == fs::file_type::symlink)
            return refused(
                entry->path(),
                "a symbolic link, which may lead outside of the preset; replace it by its file");
        if (type != fs::file_type::regular)
            return refused(entry->path(), "neither a file nor a directory");
        out.push_back(fs::relative(entry->path(), directory));
        if (out.size() > kMostFiles)
            return refused(directory,
                           fmt::format("more than {} files, which no preset has", kMostFiles));
    }
    if (error) return refused(directory, error.message());
    std::ranges::sort(out);
    return out;
}

}  // namespace

Result<void> check_tree(const std::string& directory) {
    TRY(const std::vector<fs::path> files, files_of(directory));
    std::uintmax_t bytes = 0;
    for (const fs::path& file : files) {
        std::error_code none;
        bytes += fs::file_size(directory / file, none);
    }
    if (bytes > kMostBytes)
        return refused(directory,
                       fmt::format("more than {} MB, which no preset has", kMostBytes >> 20));
    return {};
}

Result<void> copy_tree(const std::string& from, const std::string& to) {
    TRY_DO(check_tree(from));
    TRY(const std::vector<fs::path> files, files_of(from));
    for (const fs::path& file : files) {
        std::error_code error;
        const fs::path target = to / file;
        fs::create_directories(target.parent_path(), error);
        if (!error) fs::copy_file(from / file, target, error);
        if (error) return refused(target, error.message());
    }
    return {};
}

Result<std::string> checksum_of_tree(const std::string& directory) {
    TRY(const std::vector<fs::path> files, files_of(directory));
    std::string all;
    for (const fs::path& file : files) {
        TRY(const std::optional<std::string> content,
            config::read_file((directory / file).string()));
        all += fmt::format("{}  {}\n", sha256_hex(content.value_or("")), file.generic_string());
    }
    return sha256_hex(all);
}

}  // namespace ccr::cli
