// Presets that ship with ccr: manifests without code, embedded in the binary (presets/NAME.json of
// the sources).
//
// Constants; any thread.
#pragma once

#include <span>
#include <string_view>

namespace ccr::cli {

struct ShippedPreset {
    std::string_view name;
    std::string_view manifest;  // JSON5
};

std::span<const ShippedPreset> shipped_presets();
/// nullptr when there is none of that name.
const ShippedPreset* find_shipped_preset(std::string_view name);

}  // namespace ccr::cli
