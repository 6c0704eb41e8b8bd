// `ccr tokens --fetch`: a tokenizer.json from the hub or any URL, kept where configurations look.
#pragma once

#include <string>

#include "cli/options.h"
#include "config/loader.h"

namespace ccr::cli {

/// Downloads it unless it is there, and prints its place and its SHA-256; the exit code.
int fetch_tokenizer(const std::string& what, const Options& options,
                    const config::Environment& environment);

}  // namespace ccr::cli
