// How a Chat-speaking provider is told to think. The codec writes reasoning_effort; each style
// turns that into what the provider's own document names.
#include "adapt/recipe.h"

namespace ccr::adapt {
namespace {

using chat::Effort;
using config::ThinkingStyle;

/// What the client asks for.
struct Wish {
    bool off = false;
    std::optional<Effort> effort;
    std::int64_t budget = 0;
};

std::optional<Wish> wish_of(const chat::Conversation& c) {
    using Mode = chat::Thinking::Mode;
    Wish wish;
    if (c.thinking && c.thinking->mode == Mode::off) return Wish{true, std::nullopt, 0};
    if (c.thinking && c.thinking->mode == Mode::budget) {
        wish.budget = c.thinking->budget_tokens;
        wish.effort = chat::effort_of_budget(wish.budget);
    }
    if (c.thinking && c.thinking->mode == Mode::adaptive) wish.effort = Effort::high;
    const bool counts = c.thinking || c.extras.from != Protocol::anthropic;
    if (c.effort && counts) wish.effort = c.effort;
    if (wish.effort == Effort::none) return Wish{true, std::nullopt, 0};
    return wish.effort ? std::optional(wish) : std::nullopt;
}

// The least accepted step that is not below the wish, else the highest there is.
std::string accepted(const std::optional<std::vector<std::string>>& efforts, Effort wanted) {
    if (!efforts) return std::string(chat::name_of(wanted));
    std::string best;
    for (const std::string& name : *efforts) {
        const auto effort = chat::effort_of(json::Text::from_escaped(name));
        if (!effort || *effort == Effort::none) continue;
        best = name;
        if (*effort >= wanted) break;
    }
    return best;
}

std::string quoted(const std::string& plain) {
    return "\"" + plain + "\"";
}

json::WirePatch effort_patch(const Situation& s, const Wish& wish, bool by_default) {
    const auto& efforts = s.traits.efforts;
    if (wish.off) {
        const bool takes_none = efforts && !efforts->empty() && efforts->front() == "none";
        return takes_none ? json::set_value("/reasoning_effort", quoted("none"))
                          : json::remove_value("/reasoning_effort");
    }
    const bool sent = by_default || efforts;
    const std::string name = sent ? accepted(efforts, *wish.effort) : "";
    return name.empty() ? json::remove_value("/reasoning_effort")
                        : json::set_value("/reasoning_effort", quoted(name));
}

json::Patches in_effort(const Situation& s, const Wish& wish) {
    if (!s.traits.efforts) return {};  // the codec's own choice is the common scale
    return {effort_patch(s, wish, true)};
}

json::Patches in_thinking_object(const Situation& s, const Wish& wish) {
    return {
        json::set_value("/thinking", wish.off ? R"({"type":"disabled"})" : R"({"type":"enabled"})"),
        effort_patch(s, wish, false)};
}

json::Patches in_enable_thinking(const Situation& s, const Wish& wish) {
    json::Patches out = {json::set_value("/enable_thinking", wish.off ? "false" : "true"),
                         effort_patch(s, wish, false)};
    if (wish.budget > 0)
        out.push_back(json::set_value("/thinking_budget", std::to_string(wish.budget)));
    return out;
}

json::Patches in_reasoning_object(const Situation& s, const Wish& wish) {
    std::string value = R"({"enabled":false})";
    if (wish.budget > 0)
        value = R"({"max_tokens":)" + std::to_string(wish.budget) + "}";
    else if (!wish.off)
        value = R"({"effort":)" + quoted(accepted(s.traits.efforts, *wish.effort)) + "}";
    return {json::set_value("/reasoning", value), json::remove_value("/reasoning_effort")};
}

}  // namespace

json::Patches thinking_patches(const Situation& s, ThinkingStyle style) {
    if (s.speaks != Protocol::openai_chat) return {};
    if (style == ThinkingStyle::none) return {json::remove_value("/reasoning_effort")};
    const std::optional<Wish> wish = wish_of(s.conversation);
    if (!wish) return {};
    switch (style) {
        case ThinkingStyle::effort:
            return in_effort(s, *wish);
        case ThinkingStyle::thinking_object:
            return in_thinking_object(s, *wish);
        case ThinkingStyle::enable_thinking:
            return in_enable_thinking(s, *wish);
        case ThinkingStyle::reasoning_object:
            return in_reasoning_object(s, *wish);
        case ThinkingStyle::none:
            break;
    }
    return {};
}

json::Patches thinking_patches(const Situation& s) {
    return s.traits.thinking ? thinking_patches(s, *s.traits.thinking) : json::Patches{};
}

}  // namespace ccr::adapt
