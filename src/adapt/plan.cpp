#include "adapt/plan.h"

#include <algorithm>
#include <optional>

#include "adapt/native.h"
#include "adapt/recipe.h"
#include "chat/copy.h"
#include "chat/fold.h"
#include "config/transformer_names.h"

namespace ccr::adapt {
namespace {

using chat::Conversation;

void append(json::Patches more, json::Patches& out) {
    std::ranges::move(more, std::back_inserter(out));
}

const std::vector<config::TransformerUse>* model_level(const config::Provider& provider,
                                                       std::string_view model) {
    for (const config::ModelTransformers& entry : provider.model_use) {
        if (entry.model == model) return &entry.use;
    }
    return nullptr;
}

// Provider level first, then model level, as in the reference.
template <typename Visit>
void each_transformer(const config::Provider& provider, std::string_view model, Visit visit) {
    for (const config::TransformerUse& use : provider.use) visit(use);
    if (const auto* own = model_level(provider, model)) std::ranges::for_each(*own, visit);
}

// What a preset knows that a request of this protocol must not have.
json::Patches preset_patches(const Situation& s) {
    json::Patches out;
    const config::Preset* preset = s.provider.preset;
    if (s.speaks == Protocol::anthropic && preset) return messages_patches(preset->messages);
    if (s.speaks != Protocol::openai_chat) return out;
    append(thinking_patches(s), out);
    if (!preset) return out;
    for (const std::string& name : preset->refused) out.push_back(json::remove_value("/" + name));
    append(preset->chat_patches, out);
    return out;
}

// Last but for the user's own word: transformers may have set the limit that is bounded here.
json::Patches limit_patches(const Situation& s) {
    json::Patches out;
    const std::string pointer = max_tokens_pointer(s.speaks);
    if (s.traits.max_output) {
        const auto most = static_cast<double>(*s.traits.max_output);
        out.push_back(json::clamp_most(pointer, most));
        if (s.speaks == Protocol::openai_chat)
            out.push_back(json::clamp_most("/max_completion_tokens", most));
        // Below the limit, or it is refused (Messages, "Extended thinking").
        if (s.speaks == Protocol::anthropic)
            out.push_back(json::clamp_most("/thinking/budget_tokens", most - 1));
    }
    const auto& field = s.traits.max_tokens_field;
    if (s.speaks == Protocol::openai_chat && field && !field->empty()) {
        if (*field == "max_tokens")
            out.push_back(json::rename_member("/max_completion_tokens", *field));
        else
            out.push_back(json::rename_member("/max_tokens", *field));
    }
    return out;
}

json::Patches configured_patches(const Situation& s) {
    json::Patches out;
    for (const config::ProviderPatch& entry : s.provider.patch) {
        const bool ours = entry.models.empty() ||
                          std::ranges::any_of(entry.models, [&](const std::string& pattern) {
                              return config::names_model(pattern, s.model);
                          });
        if (ours) out.push_back(entry.patch);
    }
    return out;
}

}  // namespace

Protocol speaks(const config::Provider& provider, std::string_view model) {
    const auto* own = model_level(provider, model);
    if (!own) return provider.speaks;
    for (const config::TransformerUse& use : *own) {
        if (use.is_script) continue;
        const config::TransformerName* known = config::find_transformer(use.name);
        if (known && known->wire) return *known->wire;
    }
    return provider.speaks;
}

Plan::Plan(const config::Provider& provider, std::string_view model,
           const Conversation& conversation, bool same_protocol) {
    const config::Traits traits = config::traits_of(provider, model);
    const Situation situation{provider,     model,  speaks(provider, model),
                              conversation, traits, same_protocol};
    before_ = preset_patches(situation);
    Recipe recipe;
    std::optional<std::size_t> first_script;  // how many patches stand before it
    each_transformer(provider, model, [&](const config::TransformerUse& use) {
        if (use.is_script && !first_script) first_script = recipe.patches.size();
        if (!use.is_script) add_transformer(use, situation, recipe);
    });
    if (first_script)
        after_scripts_.assign(recipe.patches.begin() + static_cast<std::ptrdiff_t>(*first_script),
                              recipe.patches.end());
    add_native(situation, recipe);
    adapters_ = std::move(recipe.adapters);
    append(std::move(recipe.patches), before_);
    after_ = limit_patches(situation);
    append(configured_patches(situation), after_);
    if (!after_scripts_.empty()) append(after_, after_scripts_);
}

Conversation Plan::request(const Conversation& conversation) {
    Conversation copy = chat::copy_of(conversation);
    for (const auto& adapter : adapters_) adapter->request(copy, notes_);
    return copy;
}

json::Patches Plan::patches() const {
    json::Patches all = before_;
    all.insert(all.end(), notes_.patches.begin(), notes_.patches.end());
    all.insert(all.end(), after_.begin(), after_.end());
    return all;
}

std::string Plan::patched(std::string body) const {
    return json::apply_patches(std::move(body), patches());
}

json::SplicedText Plan::patched(json::SplicedText body) const {
    return json::apply_patches(std::move(body), patches());
}

void Plan::answer(chat::Events& events) {
    if (adapters_.empty() || events.empty()) return;
    Arena made;
    for (auto adapter = adapters_.rbegin(); adapter != adapters_.rend(); ++adapter) {
        chat::Events out;
        for (const chat::StreamEvent& event : events) (*adapter)->event(event, out, made);
        events = std::move(out);
    }
    arena_ = std::move(made);  // of the batch before: nobody reads it any more
}

void Plan::answer(chat::Reply& reply) {
    if (adapters_.empty()) return;
    chat::Events events = chat::unfold(reply);
    answer(events);
    chat::Fold fold;
    for (const chat::StreamEvent& event : events) fold.feed(event);
    reply = fold.take();
}

}  // namespace ccr::adapt
