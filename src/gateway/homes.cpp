#include "gateway/homes.h"

namespace ccr::gateway {
namespace {

// Anthropic keeps a prompt cache for five minutes after its last use (platform.claude.com, "Prompt
// caching"), OpenAI for five to ten (platform.openai.com/docs/guides/prompt-caching).
constexpr std::chrono::minutes kWarm{5};
constexpr std::size_t kMostConversations = 2000;

}  // namespace

std::string Homes::key_of(const route::Facts& facts, std::string_view agent_id) {
    if (facts.session.empty() || facts.is_title_request || facts.web_search) return "";
    return facts.session + "\n" + std::string(agent_id) + "\n" + facts.asked_model;
}

void Homes::recall(const std::string& key, config::Stickiness stickiness, route::Facts& facts,
                   Clock::time_point now) {
    if (key.empty()) return;
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key);
    if (found == known_.end()) return;
    facts.last_input_tokens = found->second.last.tokens;
    const bool strict = stickiness == config::Stickiness::strict;
    const Answer& answer = strict ? found->second.last : found->second.as_usual;
    if (answer.tokens == 0 || now - answer.at > kWarm) return;
    facts.home = route::Home{answer.target, answer.usual, answer.tokens,
                             std::chrono::duration_cast<std::chrono::seconds>(now - answer.at)};
}

void Homes::answered(const std::string& key, const config::ModelRef& target,
                     const config::ModelRef& usual, std::int64_t input_tokens,
                     Clock::time_point now) {
    if (key.empty() || input_tokens <= 0) return;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMostConversations && !known_.contains(key))
        std::erase_if(known_,
                      [&](const auto& entry) { return now - entry.second.last.at > kWarm; });
    if (known_.size() >= kMostConversations && !known_.contains(key)) known_.clear();
    Known& known = known_[key];
    known.last = {target, usual, input_tokens, now};
    if (!usual.provider.empty()) known.as_usual = known.last;
}

}  // namespace ccr::gateway
