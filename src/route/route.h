// route(): facts and configuration in, ordered attempts and reasons out. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// One rule that was asked, in the order of asking.
struct Considered {
    std::string rule;      // "subagent tag", "rule cheap", "think", ...
    bool applied = false;  // it had its say; a later one may still have chosen the target
    std::string why;
};

struct Decision {
    std::vector<Attempt> attempts;       // first choice, then fallbacks; none when refused
    std::string scenario = "default";    // names the fallback list
    std::string rule;                    // which of `considered` chose the target
    std::vector<std::string> because;    // one sentence per rule that had a say, for people
    std::vector<Considered> considered;  // every rule up to the one that chose, as far as told
    config::ModelRef usual;              // what slot or default wanted; empty = they were not asked
    json::Patches edits;                 // of the encoded request, by the user's rules
    std::optional<Error> refusal;
};

/// How much `Decision::considered` tells of the user's rules that do not apply.
enum class Telling : std::uint8_t {
    briefly,  // the first kToldRules of them; one entry counts the others
    fully,    // each one, as `ccr explain` shows them
};
constexpr std::size_t kToldRules = 16;

/// Always an answer: a refusal is one, with what was considered before it. Refusals: not_found
/// naming what is configured, when nothing can be chosen; config when nothing is configured;
/// invalid_request, as a 422, when a rule denies the request.
Decision decide(const Facts& facts, const config::Config& config, Telling telling);

/// decide(), told briefly, with a refusal as the error.
Result<Decision> route(const Facts& facts, const config::Config& config);

/// What a name stands for where one is asked for by name - a header, a tag, a script:
/// "provider,model" in the configuration's spelling, an alias or wildcard of Router.models, or a
/// model that a provider lists. nullopt for all else.
std::optional<config::ModelRef> resolve(std::string_view name, const config::Config& config);

}  // namespace ccr::route
