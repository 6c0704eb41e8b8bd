// Windows: what providers' own lists of models say of how much a model holds, kept in the state
// file for every process of a user.
//
// Each call opens the file for itself; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.h"

namespace ccr::store {

struct Window {
    std::string model;
    std::optional<std::int64_t> context, output;  // tokens
};

struct KeptWindow {
    std::string provider;
    Window window;
    std::int64_t read_at = 0;  // milliseconds since 1970
};

/// All that is kept; nothing where there is no file.
std::vector<KeptWindow> read_windows(const std::string& state_file);

/// Takes the place of what was kept of `provider`. False: the file could not be written, which the
/// log tells of.
bool write_windows(const std::string& state_file, const std::string& provider,
                   std::span<const Window> windows);

/// Between what presets say of a model and what the configuration says.
void add_windows(std::span<const KeptWindow> windows, config::Config& config);

}  // namespace ccr::store
