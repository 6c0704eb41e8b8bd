#include "config/transformer_names.h"

#include <array>

#include "config/node.h"

namespace ccr::config {
namespace {

constexpr std::array<TransformerName, 21> kNames{{
    {"Anthropic", Protocol::anthropic},
    {"OpenAI", std::nullopt},
    {"openai-responses", Protocol::openai_responses},
    {"gemini", Protocol::gemini, true},
    {"vertex-gemini", Protocol::gemini, true},
    {"vertex-claude", Protocol::anthropic, true},
    {"deepseek", std::nullopt},
    {"tooluse", std::nullopt},
    {"groq", std::nullopt},
    {"cleancache", std::nullopt},
    {"enhancetool", std::nullopt},
    {"cerebras", std::nullopt},
    {"streamoptions", std::nullopt},
    {"forcereasoning", std::nullopt},
    {"openrouter", std::nullopt},
    {"vercel", std::nullopt},
    {"maxtoken", std::nullopt},
    {"maxcompletiontokens", std::nullopt},
    {"reasoning", std::nullopt},
    {"sampling", std::nullopt},
    {"customparams", std::nullopt},
}};

}  // namespace

std::span<const TransformerName> transformer_names() {
    return kNames;
}

const TransformerName* find_transformer(std::string_view name) {
    const std::string wanted = lowered(name);
    for (const TransformerName& known : kNames) {
        if (lowered(known.name) == wanted) return &known;
    }
    return nullptr;
}

}  // namespace ccr::config
