// What requests lose on their way to a Responses provider.
#pragma once

#include <array>

#include "wire/codec.h"

namespace ccr::wire::openai_responses {

inline constexpr auto kNotCarried = std::to_array<NotCarried>({
    {"thinking of another provider", "only its maker can verify a seal"},
    {"thinking without a seal", "a reasoning item is taken back with its encrypted content only"},
    {"is_error of tool results", "no such member; said in the text"},
    {"media in an assistant's turn", "output messages hold text only"},
    {"files by id", "files uploaded to one provider cannot be read by another"},
    {"tools that another provider runs",
     "only that provider can run them; web search is asked of "
     "this one instead"},
    {"stop sequences", "no such field"},
    {"top_k", "no such field"},
    {"temperature and top_p beside reasoning", "reasoning models refuse them"},
    {"max_tokens below 16", "the API's least value is sent"},
    {"effort above high", "the common scale of effort ends there"},
    {"cache marks", "prefixes are cached by themselves; the session becomes prompt_cache_key"},
    {"device ids", "of use to Anthropic only"},
    {"the placeholder of deferred tools", "it cannot be called"},
    {"ids of items but those of reasoning", "they name what a provider stored"},
    {"members known to another protocol only", "the API refuses what it does not know"},
});

}  // namespace ccr::wire::openai_responses
