// Conditions of the user's rules, asked of a request. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/rules.h"
#include "route/facts.h"

namespace ccr::route {

/// In the order in which they are asked: what has to be looked for in the request comes last.
enum class Condition : std::uint8_t {
    model,
    scenario,
    effort,
    client,
    images,
    subagent,
    tokens_over,
    tokens_under,
    project,
    session,
    headers,
    time,
    tool,
    text,
    system,
};

/// One request, which the conditions of many rules are asked of: what its facts do not say already
/// is gathered once, by the first rule that asks. Facts and routing must outlive it.
class Inquiry {
  public:
    Inquiry(const Facts& facts, const config::Routing& routing)
        : facts_(facts), routing_(routing) {}

    /// The first condition that does not hold; nullopt when all of them do.
    std::optional<Condition> first_unmet(const config::Conditions& when);

  private:
    bool holds(Condition condition, const config::Conditions& when);
    bool is_of(const std::vector<std::string>& scenarios);
    bool users_text_has(const config::Patterns& patterns);
    bool system_prompt_has(const config::Patterns& patterns);

    const Facts& facts_;
    const config::Routing& routing_;
    std::optional<std::vector<std::string_view>> scenarios_;
    std::optional<std::string> users_text_;
    std::optional<std::vector<std::string>> system_texts_;
};

/// Why an unmet condition does not hold, for people: "the model is claude-opus-5-5, not *haiku*".
std::string why_unmet(Condition unmet, const config::Conditions& when, const Facts& facts);

/// What all that holds says, for people: "model claude-haiku-5-5, effort high"; "always" for none.
std::string met(const config::Conditions& when, const Facts& facts);

}  // namespace ccr::route
