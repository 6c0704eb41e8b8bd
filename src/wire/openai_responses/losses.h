// What a Responses request cannot carry: the one table that the encoder's losses come from.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::openai_responses {

enum class Lost : std::uint8_t {
    attribution,
    instruction_media,
    thinking,
    search_member,
    is_error,
    assistant_media,
    file_id,
    opaque,
    placeholder_tool,
    server_tool,
    tool_choice,
    stop,
    top_k,
    sampling_beside_reasoning,
    few_tokens,
    effort_alone,
    high_effort,
    cache_marks,
    user_id,
    body_member,
    inner_member,
};

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"attribution text", "it changes with every request and is of use to Anthropic only",
     "left out"},
    {"media in the system prompt", "instructions are text", "left out"},
    {"thinking", "made by another provider, or nothing that this one could verify", "left out"},
    {"option of web search", "no member of this provider's web search", "left out"},
    {"is_error", "outputs have no such member", "said in the text of the output"},
    {"media of the assistant", "output messages hold text only", "left out"},
    {"file id", "files uploaded to one provider cannot be read by another", "a note in the text"},
    {"block of another protocol", "known to its own protocol only", "its text, where it has one"},
    {"placeholder tool", "it stands for tools that are not loaded and cannot be called",
     "left out"},
    {"server tool", "a tool that only its own provider can run",
     "left out; web search is asked of this one"},
    {"the choice of a tool", "no tool is left to choose", "left out"},
    {"stop sequences", "no field of Responses", "left out"},
    {"top_k", "no field of Responses", "left out"},
    {"temperature and top_p", "models that reason refuse them", "left out beside reasoning"},
    {"max_tokens below 16", "the least that the API takes", "16"},
    {"effort", "sent only beside thinking", "left out"},
    {"effort above high", "the common scale of effort ends there", "high"},
    {"cache marks", "prefixes are cached by themselves", "the session as prompt_cache_key"},
    {"device ids", "of use to Anthropic only", "left out"},
    {"member of the body", "no field of Responses", "left out"},
    {"member of a block", "no member that Responses knows there", "left out"},
});
static_assert(kNotCarried.size() == static_cast<std::size_t>(Lost::inner_member) + 1);

constexpr const NotCarried& loss_of(Lost lost) {
    return kNotCarried[static_cast<std::size_t>(lost)];
}

}  // namespace ccr::wire::openai_responses
