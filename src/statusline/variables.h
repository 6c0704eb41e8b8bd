// Variables: what the {{names}} in a module's text stand for.
//
// Plain values; pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "statusline/input.h"
#include "statusline/transcript.h"

namespace ccr::statusline {

/// What the router knows of the session; measured, not estimated.
struct Live {
    double tokens_per_second = 0;  // of the last answer, while it has just ended
    bool streaming = false;
    std::int64_t first_token_ms = 0;
    std::optional<double> cost_usd;  // by the prices of the models that really answered
};

struct Sources {
    Input input;
    std::optional<LastAnswer> last;
    std::string routed_model;  // Router.default's, "" = unknown
    std::string branch;
    std::optional<Live> live;
};

using Variables = std::map<std::string, std::string, std::less<>>;

/// Their values hold no control characters.
Variables variables_of(const Sources& sources);

/// `text` without what would steer the terminal: control characters, and sequences that do not set
/// colours (ECMA-48 SGR). A model's name is the provider's word, a branch's an archive's.
std::string safe_text(std::string_view text);

/// `text` with each {{name}} replaced; by nothing where there is no such variable.
std::string filled(std::string_view text, const Variables& variables);

}  // namespace ccr::statusline
