#include "cli/shipped_presets.h"

#include <algorithm>
#include <array>

namespace ccr::cli {
namespace {

// Keys are variables of the environment unless an answer says otherwise. Models are the makers' own
// names; where the provider has a preset (docs/providers.md), their limits and prices are known
// from it.
constexpr auto kShipped = std::to_array<ShippedPreset>({
    {"openrouter", R"json({
  "name": "OpenRouter",
  "version": "1.0.0",
  "description": "One key, any model: one for work, a small one in the background, another for thinking",
  "schema": [
    { "id": "key", "type": "password", "label": "OpenRouter API key, or $VARIABLE", "defaultValue": "$OPENROUTER_API_KEY" },
    { "id": "model", "label": "Model for work", "defaultValue": "anthropic/claude-sonnet-4.5" },
    { "id": "small", "label": "Model for titles and other background work", "defaultValue": "anthropic/claude-haiku-4.5" },
    { "id": "thinker", "label": "Model for thinking", "defaultValue": "openai/gpt-5" }
  ],
  "Providers": [
    { "name": "openrouter", "preset": "openrouter", "api_key": "#{key}", "models": ["#{model}", "#{small}", "#{thinker}"] }
  ],
  "Router": { "default": "openrouter,#{model}", "background": "openrouter,#{small}", "think": "openrouter,#{thinker}" }
})json"},
    {"deepseek", R"json({
  "name": "DeepSeek",
  "version": "1.0.0",
  "description": "deepseek-chat for work, deepseek-reasoner where thinking is asked for",
  "schema": [
    { "id": "key", "type": "password", "label": "DeepSeek API key, or $VARIABLE", "defaultValue": "$DEEPSEEK_API_KEY" }
  ],
  "Providers": [
    { "name": "deepseek", "preset": "deepseek", "api_key": "#{key}", "models": ["deepseek-chat", "deepseek-reasoner"] }
  ],
  "Router": { "default": "deepseek,deepseek-chat", "think": "deepseek,deepseek-reasoner" }
})json"},
    {"glm-coding", R"json({
  "name": "GLM coding plan",
  "version": "1.0.0",
  "description": "Z.ai's flat-fee plan for coding: the large GLM for work, the small one in the background",
  "schema": [
    { "id": "key", "type": "password", "label": "Z.ai API key, or $VARIABLE", "defaultValue": "$ZAI_API_KEY" },
    { "id": "model", "label": "Model for work", "defaultValue": "glm-4.7" },
    { "id": "small", "label": "Model for background work", "defaultValue": "glm-4.5-air" }
  ],
  "Providers": [
    { "name": "zai-coding", "preset": "zai-coding", "api_key": "#{key}", "models": ["#{model}", "#{small}"] }
  ],
  "Router": { "default": "zai-coding,#{model}", "background": "zai-coding,#{small}" }
})json"},
    {"local", R"json({
  "name": "Local models",
  "version": "1.0.0",
  "description": "Everything stays on this machine: a server that speaks Chat Completions, Ollama unless told otherwise",
  "schema": [
    { "id": "url", "label": "Address of the server", "defaultValue": "http://127.0.0.1:11434/v1/chat/completions", "validator": "^https?://" },
    { "id": "model", "label": "Model, as the server calls it", "defaultValue": "qwen3-coder" }
  ],
  "Providers": [
    { "name": "local", "api_base_url": "#{url}", "api_key": "not-needed", "models": ["#{model}"] }
  ],
  "Router": { "default": "local,#{model}" }
})json"},
    {"two-providers", R"json({
  "name": "Two providers",
  "version": "1.0.0",
  "description": "Work goes on when a provider fails: DeepSeek first, the same through OpenRouter next",
  "schema": [
    { "id": "deepseek_key", "type": "password", "label": "DeepSeek API key, or $VARIABLE", "defaultValue": "$DEEPSEEK_API_KEY" },
    { "id": "openrouter_key", "type": "password", "label": "OpenRouter API key, or $VARIABLE", "defaultValue": "$OPENROUTER_API_KEY" }
  ],
  "Providers": [
    { "name": "deepseek", "preset": "deepseek", "api_key": "#{deepseek_key}", "models": ["deepseek-chat", "deepseek-reasoner"] },
    { "name": "openrouter", "preset": "openrouter", "api_key": "#{openrouter_key}", "models": ["deepseek/deepseek-chat", "deepseek/deepseek-r1"] }
  ],
  "Router": { "default": "deepseek,deepseek-chat", "think": "deepseek,deepseek-reasoner" },
  "fallback": { "default": ["openrouter,deepseek/deepseek-chat"], "think": ["openrouter,deepseek/deepseek-r1"] }
})json"},
});

}  // namespace

std::span<const ShippedPreset> shipped_presets() {
    return kShipped;
}

const ShippedPreset* find_shipped_preset(std::string_view name) {
    const auto found = std::ranges::find(kShipped, name, &ShippedPreset::name);
    return found == kShipped.end() ? nullptr : &*found;
}

}  // namespace ccr::cli
