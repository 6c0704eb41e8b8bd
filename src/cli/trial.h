// Trial: one tiny request to a model, on the very path that a client's requests take, within this
// process.
//
// Blocking; one thread. Real requests: they cost a few tokens.
#pragma once

#include <string>

#include "config/config.h"
#include "doctor/own_gateway.h"

namespace ccr::cli {

/// `config` with its keys fetched. A provider that cannot be used is not asked at all. Nothing is
/// tried twice and nobody else is asked.
doctor::Reply try_model(const config::Config& config, const std::string& provider,
                        const std::string& model);

}  // namespace ccr::cli
