// One function per preset, each in a file of its name with the documents it was read from.
//
// What is a fact of the preset stands in its file; what is done with it, in adapt/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/preset.h"

namespace ccr::adapt::presets {

/// What `preset` says of one model or family ("glm-4*"), to be filled in.
config::Traits& model(config::Preset& preset, std::string_view name);

/// Chat as GLM's makers document it, on each of their platforms, and their models.
void speak_glm_chat(config::Preset& preset);
/// A client's search of the web becomes GLM's own, by one of its engines.
void search_with_glm(config::Preset& preset, const std::string& engine);
/// Chat as Kimi's makers document it, on either of their platforms.
void speak_kimi_chat(config::Preset& preset);

config::Preset aihubmix();
config::Preset anthropic();
config::Preset azure();
config::Preset bedrock();
config::Preset cerebras();
config::Preset dashscope();
config::Preset deepseek();
config::Preset gemini();
config::Preset github_models();
config::Preset groq();
config::Preset kimi_coding();
config::Preset llama_cpp();
config::Preset lm_studio();
config::Preset minimax();
config::Preset mistral();
config::Preset modelscope();
config::Preset moonshot();
config::Preset ollama();
config::Preset openai();
config::Preset openrouter();
config::Preset siliconflow();
config::Preset stepfun();
config::Preset vercel();
config::Preset vertex();
config::Preset vllm();
config::Preset volcengine();
config::Preset xai();
config::Preset zai();
config::Preset zai_coding();
config::Preset zhipu();

std::vector<config::Preset> all();

}  // namespace ccr::adapt::presets
