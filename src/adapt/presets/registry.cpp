// The presets, one function each from a file of its own.
#include "adapt/presets/all.h"
#include "config/preset.h"

namespace ccr::config {

std::span<const Preset> presets() {
    static const std::vector<Preset> kAll = adapt::presets::all();
    return kAll;
}

}  // namespace ccr::config
