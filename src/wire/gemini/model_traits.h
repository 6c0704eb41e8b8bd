// What a model's name tells: its generation, and how its thinking is asked for.
//
// Sources: ai.google.dev/gemini-api/docs/thinking ("Levels and budgets", "Thinking budgets"),
// .../gemini-3. A name that tells nothing counts as the newest generation. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "chat/conversation.h"

namespace ccr::wire::gemini {

enum class ThinkingControl : std::uint8_t { none, budget, level };

struct ModelTraits {
    ThinkingControl thinking = ThinkingControl::level;
    std::int64_t least_budget = 0;  // the smallest that thinks
    std::int64_t most_budget = 24'576;
    bool can_stop_thinking = true;  // a budget of 0
    bool wants_signatures = true;   // refuses a function call of the current turn without one
    bool media_in_results = true;   // functionResponse.parts
    bool json_with_tools = true;    // an answer format beside functions
    bool knows_minimal = true;      // thinkingLevel "minimal"
    bool knows_medium = true;       // thinkingLevel "medium"
};

ModelTraits traits_of_model(std::string_view model);

/// `thinkingLevel` for an effort: one of minimal, low, medium, high.
std::string_view level_of(chat::Effort effort, const ModelTraits& traits);

/// `thinkingBudget` for an effort, as Google's own compatibility layer has it
/// (ai.google.dev/gemini-api/docs/openai, "Thinking"), within the model's range.
std::int64_t budget_of(chat::Effort effort, const ModelTraits& traits);

/// A budget within the model's range; 0 stays 0 where the model can stop thinking.
std::int64_t clamped_budget(std::int64_t budget, const ModelTraits& traits);

}  // namespace ccr::wire::gemini
