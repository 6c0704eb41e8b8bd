// Trial: one tiny request to a model, on the very path that a client's requests take, within this
// process.
//
// Blocking; one thread. Real requests: they cost a few tokens.
#pragma once

#include <chrono>
#include <string>

#include "config/config.h"

namespace ccr::cli {

struct Trial {
    int status = 0;       // as a client would see it
    std::string kind;     // Anthropic's error.type, "" = it answered
    std::string message;  // what went wrong
    std::string text;     // what it said
    std::chrono::milliseconds took{0};

    bool answered() const { return status == 200; }
    bool reached() const;      // the provider said something, if only no
    bool key_is_good() const;  // as far as its answer tells
    /// What to do about it, one sentence; "" when it answered.
    std::string remedy(const config::Provider& provider) const;
};

/// `config` with its keys fetched. A provider that cannot be used is not asked at all. Nothing is
/// tried twice and nobody else is asked.
Trial try_model(const config::Config& config, const std::string& provider,
                const std::string& model);

}  // namespace ccr::cli
