// Verdict: what checkups come to - findings with their remedies, and the cards that are kept. Pure.
#pragma once

#include <cstdint>

#include "doctor/checkup.h"
#include "doctor/finding.h"
#include "doctor/remedy.h"
#include "store/cards.h"

namespace ccr::doctor {

Findings findings_of(const Results& results, const config::Config& config,
                     const KeyVariable& variable_of = {});

/// Of a model that answered.
store::Card card_of(const Checkup& checkup, const config::Provider& provider, std::int64_t now_ms);

}  // namespace ccr::doctor
