// Rules: what the user says about routing beyond the scenarios - names for models, and conditions
// with what follows from them. Read from `Router.models` and `Router.rules`.
//
// Plain values, part of the configuration snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/model_ref.h"
#include "json/patch.h"

namespace ccr::config {

/// Wildcards (base/wildcard.h) in lower case, of which one must match.
using Patterns = std::vector<std::string>;

/// A part of the day, on some days of the week, in the machine's local time.
struct TimeSpan {
    std::uint8_t days = 0x7f;  // bit 0 = Monday
    int from = 0, to = 0;      // minutes since midnight; `to` at or before `from` is the next day
};

/// What must hold of a request. What is left out always holds; all that is there must.
struct Conditions {
    Patterns models, clients, tools, projects, sessions;
    Patterns texts, systems;  // found anywhere in the text
    std::vector<std::string> scenarios, efforts;
    std::vector<std::pair<std::string, Patterns>> headers;
    std::optional<std::int64_t> tokens_over, tokens_under;
    std::optional<bool> images, subagent;
    std::vector<TimeSpan> times;
};

/// One of `Router.rules`: a target, a refusal, or edits alone, after which the next rule is asked.
struct Rule {
    std::string name;  // "rule 3" where it has none
    Conditions when;
    std::optional<ModelRef> use;
    std::vector<ModelRef> fallback;
    json::Patches patch;
    std::string deny;  // what the client is told
    Place place;
};

/// One of `Router.models`.
struct ModelName {
    enum class Kind : std::uint8_t {
        alias,     // the name itself
        wildcard,  // names that match it
        slot,      // Claude names of the slot "opus", "sonnet" or "haiku"
    };
    Kind kind = Kind::alias;
    std::string name;  // lower case
    ModelRef target;
};

}  // namespace ccr::config
