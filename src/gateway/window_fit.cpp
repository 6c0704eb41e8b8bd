#include "gateway/window_fit.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/patch.h"
#include "tokens/choose.h"
#include "tokens/estimate.h"

namespace ccr::gateway {
namespace {

constexpr std::int64_t kFarOff = 4;  // an estimate is never this many times off
// A provider's own count differs from ours by its template, and by its tokenizer where we have
// another.
constexpr std::int64_t kMarginPart = 32;
// Less is no answer. A refusal makes the client compact, which is what a full window needs.
constexpr std::int64_t kLeastAnswer = 1024;
// Messages: a thinking budget is 1024 at least, and below max_tokens (docs: "Extended thinking").
constexpr std::int64_t kLeastBudget = 1024;

std::string limit_pointer(Protocol protocol, json::View body) {
    switch (protocol) {
        case Protocol::gemini:
            return "/generationConfig/maxOutputTokens";
        case Protocol::openai_responses:
            return "/max_output_tokens";
        case Protocol::openai_chat:
            if (body["max_completion_tokens"].integer()) return "/max_completion_tokens";
            break;
        case Protocol::anthropic:
            break;
    }
    return "/max_tokens";
}

// The answer, and what of it is for thinking in the words of any protocol: Messages, Qwen's Chat
// (docs: "Deep thinking", thinking_budget), Gemini ("Thinking", thinkingBudget).
json::Patches limits(const std::string& answer, std::int64_t room) {
    const auto thinking = static_cast<double>(room - kLeastAnswer);
    const auto half = static_cast<double>(room / 2);
    return {json::clamp_most(answer, static_cast<double>(room)),
            json::clamp_most("/thinking/budget_tokens", thinking),
            json::clamp_most("/thinking_budget", half),
            json::clamp_most("/generationConfig/thinkingConfig/thinkingBudget", half)};
}

bool fits_surely(const chat::Conversation& conversation, std::int64_t most) {
    return tokens::estimate(conversation) * kFarOff <= most ||
           tokens::most_tokens(conversation) <= most;
}

}  // namespace

std::optional<std::int64_t> output_limit(Protocol protocol, json::View body) {
    const std::string pointer = limit_pointer(protocol, body);
    if (protocol == Protocol::gemini) return body["generationConfig"]["maxOutputTokens"].integer();
    return body[std::string_view(pointer).substr(1)].integer();
}

json::SplicedText fit_window(const route::Attempt& target, Protocol protocol,
                             const chat::Conversation& conversation, json::SplicedText body,
                             chat::Losses& losses) {
    const config::Traits traits = config::traits_of(*target.provider, target.model);
    const auto window = traits.context_window;
    // A token has a byte at least, and the limit was bounded by the model's own.
    const bool is_small =
        traits.max_output &&
        static_cast<std::int64_t>(body.size()) + *traits.max_output <= window.value_or(0);
    if (!window || is_small) return body;
    json::Document document;
    const auto root = document.parse(body.whole());
    if (!root) return body;
    const auto asked = output_limit(protocol, *root);
    const auto budget = (*root)["thinking"]["budget_tokens"].integer();
    if (!asked || fits_surely(conversation, *window - *asked)) return body;
    const tokens::Choice choice = tokens::choose_counter(target.provider, target.model);
    const std::int64_t count = choice.counter->count(conversation);
    const std::int64_t room = *window - count - count / kMarginPart;
    if (*asked <= room || room < kLeastAnswer + (budget ? kLeastBudget : 0)) return body;
    const std::string pointer = limit_pointer(protocol, *root);
    json::Patches patches = limits(pointer, room);
    losses.push_back({pointer.substr(1), fmt::format("{} becomes {}", *asked, room),
                      fmt::format("{} tokens, counted by {}, leave no more of the window of {}",
                                  count, choice.counter->encoding_name(), *window)});
    return json::apply_patches(std::move(body), patches);
}

}  // namespace ccr::gateway
