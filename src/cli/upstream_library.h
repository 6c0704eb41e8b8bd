// libcurl, for those providers that are asked with it: whether it is there, before a request needs
// it.
//
// Any thread.
#pragma once

#include "base/error.h"
#include "config/config.h"

namespace ccr::cli {

/// Whether a provider is asked otherwise than by plain HTTP/1.1 at an address.
bool needs_upstream_library(const config::Config& config);

/// Loads it where a provider needs it, which takes some milliseconds.
Result<void> load_upstream_library(const config::Config& config);

}  // namespace ccr::cli
