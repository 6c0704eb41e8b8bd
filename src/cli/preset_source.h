// PresetSource: where a preset is installed from, brought into an empty directory.
//
// Main thread; blocking. Nothing that is fetched is run: of a repository neither hooks nor filters.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::cli {

enum class SourceKind : std::uint8_t { shipped, directory, archive, git };
std::string_view name_of(SourceKind kind);

struct PresetSource {
    SourceKind kind = SourceKind::directory;
    std::string from;     // as it was named, without user and password
    std::string name;     // what it would be called by
    std::string version;  // of a repository the commit; "" = it has none
    std::string tree;     // the directory with its manifest
};

/// Brings `what` into `directory`: the name of a preset that ships with ccr, a directory, an
/// archive (.zip, .tar.gz, .tgz, .tar.xz, .tar), or a git repository (`https://...`, `ssh://...`,
/// `git@host:...`, `file://...`; `#REF` names a branch, a tag or a commit). Error: what is missing
/// or wrong, and the next step.
Result<PresetSource> fetch_preset(const std::string& what, const std::string& directory);

}  // namespace ccr::cli
