// Where a tokenizer.json from the hub is kept: the reference's cache. Pure.
#pragma once

#include <string>

#include "config/loader.h"

namespace ccr::config {

/// By the model's name on the hub, or the URL of a file, with what is no plain letter as '_'.
std::string cached_tokenizer(std::string hub_model, const Environment& environment);

}  // namespace ccr::config
