#include "config/well_known_keys.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <string_view>

namespace ccr::config {
namespace {

// A provider as its own documentation describes it. Model ids are examples of what each one lists;
// providers retire them now and then.
struct WellKnown {
    std::string_view variable, provider, url;
    std::string_view models;  // as list elements
    std::string_view first_model;
    std::string_view transformer;  // "" = none
};

constexpr std::array<WellKnown, 16> kProviders{{
    {"OPENROUTER_API_KEY", "openrouter", "https://openrouter.ai/api/v1/chat/completions",
     R"("openrouter/auto")", "openrouter/auto", "openrouter"},
    {"ANTHROPIC_API_KEY", "anthropic", "https://api.anthropic.com/v1/messages",
     R"("claude-sonnet-5-5", "claude-haiku-5-5")", "claude-sonnet-5-5", "Anthropic"},
    {"OPENAI_API_KEY", "openai", "https://api.openai.com/v1/chat/completions", R"("gpt-5.5")",
     "gpt-5.5", ""},
    {"GEMINI_API_KEY", "gemini",
     "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
     R"("gemini-3.8-flash")", "gemini-3.8-flash", ""},
    {"GOOGLE_API_KEY", "gemini",
     "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
     R"("gemini-3.8-flash")", "gemini-3.8-flash", ""},
    {"DEEPSEEK_API_KEY", "deepseek", "https://api.deepseek.com/chat/completions",
     R"("deepseek-flash")", "deepseek-flash", "deepseek"},
    {"MOONSHOT_API_KEY", "moonshot", "https://api.moonshot.ai/v1/chat/completions",
     R"("kimi-k2.6")", "kimi-k2.6", ""},
    {"ZAI_API_KEY", "zai", "https://api.z.ai/api/paas/v4/chat/completions", R"("glm-5", "glm-4.7")",
     "glm-5", ""},
    {"DASHSCOPE_API_KEY", "dashscope",
     "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
     R"("qwen-plus", "qwen3-coder-plus")", "qwen-plus", ""},
    {"XAI_API_KEY", "xai", "https://api.x.ai/v1/chat/completions", R"("grok-4.5")", "grok-4.5", ""},
    {"MISTRAL_API_KEY", "mistral", "https://api.mistral.ai/v1/chat/completions",
     R"("mistral-large-latest")", "mistral-large-latest", ""},
    {"GROQ_API_KEY", "groq", "https://api.groq.com/openai/v1/chat/completions",
     R"("openai/gpt-oss-120b")", "openai/gpt-oss-120b", "groq"},
    {"CEREBRAS_API_KEY", "cerebras", "https://api.cerebras.ai/v1/chat/completions",
     R"("gpt-oss-120b")", "gpt-oss-120b", "cerebras"},
    {"SILICONFLOW_API_KEY", "siliconflow", "https://api.siliconflow.com/v1/chat/completions",
     R"("deepseek-ai/DeepSeek-V3.2")", "deepseek-ai/DeepSeek-V3.2", ""},
    {"TOGETHER_API_KEY", "together", "https://api.together.xyz/v1/chat/completions",
     R"("openai/gpt-oss-120b")", "openai/gpt-oss-120b", ""},
    {"FIREWORKS_API_KEY", "fireworks", "https://api.fireworks.ai/inference/v1/chat/completions",
     R"("accounts/fireworks/models/gpt-oss-120b")", "accounts/fireworks/models/gpt-oss-120b", ""},
}};

constexpr WellKnown kOllama{
    "", "ollama", "http://127.0.0.1:11434/v1/chat/completions", R"("qwen3-coder")", "qwen3-coder",
    ""};

SetupHint hint_of(const WellKnown& known) {
    SetupHint hint{std::string(known.variable), std::string(known.provider), "", ""};
    const std::string key = known.variable.empty() ? "ollama" : fmt::format("${}", known.variable);
    hint.entry = fmt::format(
        "{{\n  name: \"{}\",\n  api_base_url: \"{}\",\n  api_key: \"{}\",\n  models: [{}],\n",
        known.provider, known.url, key, known.models);
    if (!known.transformer.empty()) {
        hint.entry += fmt::format("  transformer: {{ use: [\"{}\"] }},\n", known.transformer);
    }
    hint.entry += "}";
    hint.router_default = fmt::format("{},{}", known.provider, known.first_model);
    return hint;
}

std::string indented(std::string_view text) {
    std::string out = "    ";
    for (const char c : text) {
        out.push_back(c);
        if (c == '\n') out += "    ";
    }
    return out;
}

}  // namespace

std::vector<SetupHint> setup_hints(const Environment& environment) {
    std::vector<SetupHint> out;
    std::set<std::string_view> seen;
    for (const WellKnown& known : kProviders) {
        const auto value = environment(known.variable);
        if (!value || value->empty() || !seen.insert(known.provider).second) continue;
        out.push_back(hint_of(known));
    }
    return out;
}

SetupHint ollama_hint() {
    return hint_of(kOllama);
}

std::string starter_config(const std::vector<SetupHint>& hints) {
    std::string out = "{\n  Providers: [\n";
    for (const SetupHint& hint : hints) out += indented(hint.entry) + ",\n";
    out +=
        fmt::format("  ],\n  Router: {{ default: \"{}\" }},\n}}\n", hints.front().router_default);
    return out;
}

}  // namespace ccr::config
