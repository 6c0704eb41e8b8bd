#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Traits& model(config::Preset& preset, std::string_view name) {
    for (config::ModelTraits& entry : preset.models) {
        if (entry.model == name) return entry.traits;
    }
    preset.models.push_back({std::string(name), {}});
    return preset.models.back().traits;
}

std::vector<config::Preset> all() {
    return {aihubmix(),  anthropic(),  azure(),         bedrock(),    cerebras(),    dashscope(),
            deepseek(),  gemini(),     github_models(), groq(),       kimi_coding(), llama_cpp(),
            lm_studio(), minimax(),    mistral(),       modelscope(), moonshot(),    ollama(),
            openai(),    openrouter(), siliconflow(),   stepfun(),    vercel(),      vertex(),
            vllm(),      volcengine(), xai(),           zai(),        zai_coding(),  zhipu()};
}

}  // namespace ccr::adapt::presets
