// What `ccr doctor` tells, for a person and as JSON.
//
// Pure but for what it prints.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/checkup.h"
#include "doctor/finding.h"
#include "store/cards.h"

namespace ccr::cli {

struct DoctorReport {
    std::string config_file;
    std::string home;  // shown as ~ to a person
    doctor::Findings findings;
    doctor::Results results;
};

std::size_t count(const doctor::Findings& findings, doctor::Severity severity);

std::string report_text(const DoctorReport& report, bool colored);
std::string report_json(const DoctorReport& report);

struct ShownCard {
    store::Card card;
    std::string_view void_because;  // "" = it is in force
};

/// Cards that are kept; `now` in epoch milliseconds.
std::string cards_text(const std::vector<ShownCard>& cards, std::int64_t now, bool colored);
std::string cards_json(const std::vector<ShownCard>& cards);

}  // namespace ccr::cli
