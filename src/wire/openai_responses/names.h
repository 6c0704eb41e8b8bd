// Wire strings of the Responses protocol that more than one file needs.
#pragma once

#include <cstddef>
#include <string_view>

namespace ccr::wire::openai_responses {

/// The one argument of a custom tool where it travels as a function.
inline constexpr std::string_view kInputArgument = "input";
inline constexpr std::string_view kInputSchema =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false})";

/// The tool that finds tools; its calls have item types of their own (guides, "Tool search").
inline constexpr std::string_view kToolSearch = "tool_search";

/// What marks redacted thinking of Anthropic's in a packed seal, as the provenance's field.
inline constexpr std::string_view kRedacted = "redacted_thinking";

/// Functions' names are this long at most, here and with most providers.
inline constexpr std::size_t kLongestName = 64;

inline constexpr std::string_view kNoArguments = R"({"type":"object","properties":{}})";

}  // namespace ccr::wire::openai_responses
