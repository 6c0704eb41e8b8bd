// route(): facts and configuration in, ordered attempts and reasons out. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "route/facts.h"

namespace ccr::route {

/// One place to send a request to. The provider lives in the configuration snapshot.
struct Attempt {
    const config::Provider* provider = nullptr;
    std::string model;
};

struct Decision {
    std::vector<Attempt> attempts;     // first choice, then fallbacks
    std::string scenario = "default";  // which rule won; names the fallback list
    std::vector<std::string> because;  // one sentence per rule that had a say, for people
};

/// Error: not_found naming what is configured, when nothing can be chosen; config when nothing is
/// configured.
Result<Decision> route(const Facts& facts, const config::Config& config);

}  // namespace ccr::route
