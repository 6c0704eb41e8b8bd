// Catalog: which presets there are: directories of `~/.claude-code-router/presets`.
//
// Blocking reads; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest/manifest.h"

namespace ccr::manifest {

/// Whether this may be the name of a preset's directory: no separators, no leading dot, nothing
/// invisible, up to 128 bytes.
bool is_preset_name(std::string_view name);

/// `home` is ~/.claude-code-router.
std::string presets_directory(const std::string& home);
std::string directory_of(const std::string& home, std::string_view name);

/// Whether a preset of that name is installed.
bool is_installed(const std::string& home, std::string_view name);

struct Listed {
    std::string id;
    Result<Manifest> manifest;  // or why it cannot be read
};
/// All of them, by name.
std::vector<Listed> list_presets(const std::string& home);

}  // namespace ccr::manifest
