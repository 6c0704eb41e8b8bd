#include "gateway/homes.h"

#include <algorithm>

#include "json/document.h"
#include "json/writer.h"

namespace ccr::gateway {
namespace {

// Anthropic keeps a prompt cache for five minutes after its last use (platform.claude.com, "Prompt
// caching"), OpenAI for five to ten (platform.openai.com/docs/guides/prompt-caching).
constexpr std::chrono::minutes kWarm{5};
constexpr std::size_t kMostConversations = 2000;
constexpr std::string_view kKind = "home";
constexpr std::chrono::minutes kSaveAgain{1};  // what has not moved
constexpr std::chrono::hours kKept{24};

std::int64_t ms_of(Homes::Clock::time_point at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

config::ModelRef ref_in(json::View value) {
    const auto ref =
        value.is_string() ? config::parse_model_ref(value.text().decode()) : std::nullopt;
    return ref.value_or(config::ModelRef{});
}

}  // namespace

std::string Homes::key_of(const route::Facts& facts, std::string_view agent_id) {
    if (facts.session.empty() || facts.is_title_request || facts.web_search) return "";
    return facts.session + "\n" + std::string(agent_id) + "\n" + facts.asked_model;
}

void Homes::recall(const std::string& key, config::Stickiness stickiness, route::Facts& facts,
                   Clock::time_point now) {
    if (key.empty()) return;
    const std::lock_guard lock(mutex_);
    ensure_loaded(now);
    const auto found = known_.find(key);
    if (found == known_.end()) return;
    facts.last_input_tokens = found->second.last.tokens;
    const bool strict = stickiness == config::Stickiness::strict;
    const Answer& answer = strict ? found->second.last : found->second.as_usual;
    // What is far ahead was written before the clock was set back.
    const auto age = now - answer.at;
    if (answer.tokens == 0 || std::chrono::abs(age) > kWarm) return;
    facts.home = route::Home{answer.target, answer.usual, answer.tokens,
                             std::chrono::duration_cast<std::chrono::seconds>(age)};
}

void Homes::answered(const std::string& key, const config::ModelRef& target,
                     const config::ModelRef& usual, std::int64_t input_tokens,
                     Clock::time_point now) {
    if (key.empty() || input_tokens <= 0) return;
    const std::lock_guard lock(mutex_);
    ensure_loaded(now);
    if (known_.size() >= kMostConversations && !known_.contains(key))
        std::erase_if(known_,
                      [&](const auto& entry) { return now - entry.second.last.at > kWarm; });
    if (known_.size() >= kMostConversations && !known_.contains(key)) known_.clear();
    Known& known = known_[key];
    const bool moved = !(known.last.target == target && known.last.usual == usual);
    known.last = {target, usual, input_tokens, now};
    if (!usual.provider.empty()) known.as_usual = known.last;
    if (moved || now - known.saved_at >= kSaveAgain) save(key, known, now);
}

void Homes::ensure_loaded(Clock::time_point now) {
    if (is_loaded_) return;
    const auto records = state_.take(kKind);
    if (!records) return;
    is_loaded_ = true;
    for (const store::Record& record : *records) {
        Known known = read(record.value);
        // What was answered before the file had been read is newer.
        if (now - known.last.at > kKept)
            state_.remove(kKind, record.key);
        else if (known_.size() < kMostConversations)
            known_.emplace(record.key, std::move(known));
    }
}

void Homes::save(const std::string& key, Known& known, Clock::time_point now) {
    known.saved_at = now;
    state_.put({std::string(kKind), key, written(known), ms_of(now)});
}

std::string Homes::written(const Known& known) {
    std::string out;
    json::Writer w(out);
    w.open_object();
    for (const auto& [name, answer] :
         {std::pair("last", &known.last), std::pair("as_usual", &known.as_usual)}) {
        w.key(name).open_object();
        w.member("target", std::string_view(to_string(answer->target)));
        w.member("usual", std::string_view(to_string(answer->usual)));
        w.member("tokens", answer->tokens).member("at", ms_of(answer->at)).close_object();
    }
    w.close_object();
    return out;
}

Homes::Known Homes::read(std::string_view written) {
    const std::string text(written);
    json::Document document;
    const auto root = document.parse(text);
    Known out;
    if (!root) return out;
    for (const auto& [name, answer] :
         {std::pair("last", &out.last), std::pair("as_usual", &out.as_usual)}) {
        const json::View value = (*root)[name];
        const Clock::time_point at{std::chrono::milliseconds(value["at"].integer().value_or(0))};
        *answer = {ref_in(value["target"]), ref_in(value["usual"]),
                   value["tokens"].integer().value_or(0), at};
    }
    return out;
}

}  // namespace ccr::gateway
