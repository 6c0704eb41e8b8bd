#include "cli/preset_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "base/redact.h"
#include "cli/preset_tree.h"
#include "cli/run_program.h"
#include "cli/shipped_presets.h"
#include "manifest/manifest.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kFetchTime{120};
constexpr std::chrono::seconds kUnpackTime{60};
constexpr auto kArchives =
    std::to_array<std::string_view>({".zip", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar"});

std::string_view archive_ending(std::string_view name) {
    for (const std::string_view ending : kArchives) {
        if (name.ends_with(ending)) return ending;
    }
    return {};
}

bool is_repository(std::string_view what) {
    return what.find("://") != std::string_view::npos || what.starts_with("git@");
}

std::string last_part(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path.substr(path.find_last_of("/:") + 1);
}

// An archive or a repository may hold the preset as its only directory.
Result<std::string> manifest_directory(const std::string& directory) {
    if (fs::exists(fs::path(directory) / manifest::kFileName)) return directory;
    std::vector<fs::path> inside;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error))
        inside.push_back(entry.path());
    if (inside.size() == 1 && fs::exists(inside[0] / manifest::kFileName))
        return inside[0].string();
    return fail(ErrorKind::config,
                fmt::format("there is no {} in it, so it is no preset", manifest::kFileName));
}

// Who packs `../x` or `/x` means a place outside, even where the unpacker would put it elsewhere.
Result<void> check_names(std::string_view listing) {
    while (!listing.empty()) {
        const std::size_t end = std::min(listing.find('\n'), listing.size());
        const std::string_view name = listing.substr(0, end);
        listing.remove_prefix(std::min(end + 1, listing.size()));
        const bool is_above = name == ".." || name.starts_with("../") || name.ends_with("/..") ||
                              name.find("/../") != std::string_view::npos;
        if (is_above || name.starts_with('/'))
            return fail(ErrorKind::config, fmt::format("\"{}\" in it leads outside", name));
    }
    return {};
}

Result<void> unpack(const std::string& archive, const std::string& directory) {
    const std::string file = fs::absolute(archive).string();
    const bool is_zip = archive.ends_with(".zip");
    std::vector<std::string> listed{"tar", "-tf", file};
    if (is_zip) listed = {"unzip", "-Z1", file};
    TRY(const std::string names, run_program(listed, directory, kUnpackTime));
    TRY_DO(check_names(names));
    std::vector<std::string> command{"tar", "-xf", file, "--no-same-owner",
                                     "--no-same-permissions"};
    if (is_zip) command = {"unzip", "-q", file};
    TRY_DO(run_program(command, directory, kUnpackTime));
    return {};
}

bool is_commit(std::string_view ref) {
    return ref.size() >= 40 && std::ranges::all_of(ref, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::vector<std::string> git(std::vector<std::string> arguments) {
    std::vector<std::string> out{"git",
                                 "-c",
                                 "core.hooksPath=/dev/null",
                                 "-c",
                                 "core.symlinks=false",
                                 "-c",
                                 "protocol.allow=never"};
    for (const char* protocol : {"https", "http", "ssh", "git", "file"}) {
        out.emplace_back("-c");
        out.push_back(fmt::format("protocol.{}.allow=always", protocol));
    }
    out.insert(out.end(), arguments.begin(), arguments.end());
    return out;
}

// Only what is asked for is fetched: its newest commit, or the one that is named.
Result<std::string> clone(const std::string& url, const std::string& ref,
                          const std::string& directory) {
    if (url.starts_with('-') || ref.starts_with('-'))
        return fail(ErrorKind::config, "a repository's name starts with no \"-\"");
    TRY_DO(run_program(git({"init", "--quiet", "--template=", "."}), directory, kFetchTime));
    TRY_DO(run_program(
        git({"fetch", "--quiet", "--depth", "1", "--no-tags", url, ref.empty() ? "HEAD" : ref}),
        directory, kFetchTime));
    TRY_DO(
        run_program(git({"checkout", "--quiet", "--detach", "FETCH_HEAD"}), directory, kFetchTime));
    TRY(std::string commit, run_program(git({"rev-parse", "HEAD"}), directory, kFetchTime));
    while (commit.ends_with('\n')) commit.pop_back();
    if (is_commit(ref) && commit != ref)
        return fail(ErrorKind::config,
                    fmt::format("the repository gave commit {} instead of {}", commit, ref));
    fs::remove_all(fs::path(directory) / ".git");
    return commit;
}

Result<void> write_shipped(const ShippedPreset& preset, const std::string& directory) {
    std::ofstream out(fs::path(directory) / manifest::kFileName, std::ios::binary);
    out << preset.manifest;
    out.close();
    if (!out) return fail(ErrorKind::config, fmt::format("{} cannot be written to", directory));
    return {};
}

Result<PresetSource> fetched(const std::string& what, const std::string& directory) {
    PresetSource source;
    source.from = redact::url(what);
    if (is_repository(what)) {
        const std::size_t sharp = what.find('#');
        const std::string url = what.substr(0, sharp);
        source.kind = SourceKind::git;
        source.name = last_part(url);
        if (source.name.ends_with(".git")) source.name.resize(source.name.size() - 4);
        TRY(source.version,
            clone(url, sharp == std::string::npos ? "" : what.substr(sharp + 1), directory));
        return source;
    }
    std::error_code none;
    if (fs::is_directory(what, none)) {
        source.from = fs::absolute(what).lexically_normal().string();
        source.name = last_part(source.from);
        TRY_DO(copy_tree(what, directory));
        return source;
    }
    if (const std::string_view ending = archive_ending(what);
        !ending.empty() && fs::is_regular_file(what, none)) {
        source.kind = SourceKind::archive;
        source.from = fs::absolute(what).lexically_normal().string();
        source.name = last_part(what).substr(0, last_part(what).size() - ending.size());
        TRY_DO(unpack(what, directory));
        return source;
    }
    const ShippedPreset* shipped = find_shipped_preset(what);
    if (shipped == nullptr)
        return fail(ErrorKind::not_found,
                    fmt::format("there is no directory and no archive \"{}\", and no preset of "
                                "that name ships with ccr; "
                                "`ccr preset list --available` tells which do",
                                what));
    source.kind = SourceKind::shipped;
    source.name = what;
    TRY_DO(write_shipped(*shipped, directory));
    return source;
}

}  // namespace

std::string_view name_of(SourceKind kind) {
    switch (kind) {
        case SourceKind::shipped:
            return "shipped";
        case SourceKind::directory:
            return "directory";
        case SourceKind::archive:
            return "archive";
        case SourceKind::git:
            break;
    }
    return "git";
}

Result<PresetSource> fetch_preset(const std::string& what, const std::string& directory) {
    auto source = fetched(what, directory);
    if (!source)
        return fail(source.error().kind,
                    fmt::format("{}: {}", redact::url(what), source.error().message));
    TRY_DO(check_tree(directory));
    auto tree = manifest_directory(directory);
    if (!tree)
        return fail(tree.error().kind,
                    fmt::format("{}: {}", redact::url(what), tree.error().message));
    source->tree = *tree;
    return source;
}

}  // namespace ccr::cli
