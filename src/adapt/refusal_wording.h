// The wordings in which providers refuse a field, a value or a number. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapt/refusal_text.h"

namespace ccr::adapt {

/// The fields that a statement refuses altogether, as the provider named them.
std::vector<std::string> refused_fields(const Statement& statement);

/// The name that a statement tells to use in the place of the one it refuses.
std::optional<std::string> name_to_use(const Statement& statement);

/// The values that a statement says are taken: "low", "medium".
std::vector<std::string> values_taken(const Statement& statement);

/// The field of a statement that speaks of a value or a number; "" when it names none.
std::string field_bounded(const Statement& statement);

struct Bounds {
    std::optional<double> least, most;
    bool least_exclusive = false, most_exclusive = false;
};
/// The range that a statement wants.
Bounds bounds_of(const Statement& statement);

bool refuses_images(const Statement& statement);

}  // namespace ccr::adapt
