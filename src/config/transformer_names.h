// The names of the reference's built-in transformers and what each says about a provider's wire.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/protocol.h"

namespace ccr::config {

struct TransformerName {
    std::string_view name;         // exact spelling of the reference
    std::optional<Protocol> wire;  // set when using it decides what the provider speaks
    bool makes_url = false;        // completes or replaces the configured URL
};

std::span<const TransformerName> transformer_names();

/// Compared without case (defect P6 of the reference); nullptr for an unknown one.
const TransformerName* find_transformer(std::string_view name);

}  // namespace ccr::config
