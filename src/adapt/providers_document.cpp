#include "adapt/providers_document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/preset.h"

namespace ccr::adapt {
namespace {

using config::Preset;
using config::Traits;

constexpr std::string_view kIntroduction =
    R"x(# Providers

Made from the presets in `src/adapt/presets/`; a test compares. What no document was found to say is left out:
absent means unknown, and is sent or left as the protocol has it.

A provider is recognised by the host of its `api_base_url`, or named by `preset`, which also fills in the URL:

```json5
{ name: "kimi", preset: "moonshot", api_key: "$MOONSHOT_API_KEY", models: ["kimi-k2.6"] }
```

Windows and limits are refreshed from a provider's own list of models by `ccr model refresh` ([cli.md](cli.md)); whether a
model sees images, and a cap on its answers, is found by asking it: `ccr doctor` ([doctor.md](doctor.md)).
Anything a preset says can be said otherwise in the provider's entry:

```json5
{
  name: "own", preset: "vllm", api_base_url: "http://gpu:8000/v1/chat/completions", models: ["qwen3"],
  traits: {
    max_output: 16384, context_window: 131072, vision: false,
    thinking: "enable_thinking",        // reasoning_effort, thinking, enable_thinking, reasoning or none
    efforts: ["low", "high"],           // what reasoning_effort may be, weakest first
    reasoning_field: "reasoning_content",  // wanted back beside tool calls
    max_tokens_field: "max_tokens", text_tool_calls: true,
    media_urls: false,                  // images by URL are loaded for it (media.md)
    cache_marks: true,                  // Chat: takes cache_control on parts of a message
    cache_key: true,                    // Chat: takes the session as prompt_cache_key
    models: { "qwen3-vl*": { vision: true } },
  },
  patch: [                              // last, but for the fit to the window; JSON pointers, `*` = every element
    { set: "/chat_template_kwargs/enable_thinking", value: true, models: ["qwen3*"] },
    { default: "/temperature", value: 0.6 },
    { delete: "/parallel_tool_calls" },
    { rename: "/max_tokens", to: "max_completion_tokens" },
    { clamp: "/top_p", min: 0.1, max: 0.95, when: { "/stream": true } },
  ],
}
```
)x";

std::string_view wire_name(Protocol protocol) {
    switch (protocol) {
        case Protocol::anthropic:
            return "Anthropic Messages";
        case Protocol::openai_chat:
            return "OpenAI Chat Completions";
        case Protocol::openai_responses:
            return "OpenAI Responses";
        case Protocol::gemini:
            return "Gemini";
    }
    return "";
}

std::string code_list(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "`" : ", `") + name + "`";
    return out;
}

void line(std::string& out, std::string_view what, const std::string& value) {
    if (!value.empty()) out += fmt::format("- {}: {}\n", what, value);
}

std::string prices(const config::Prices& p) {
    std::string out = fmt::format("${} in, ${} out", p.input, p.output);
    if (p.cache_read) out += fmt::format(", ${} cache read", *p.cache_read);
    if (p.cache_write) out += fmt::format(", ${} cache write", *p.cache_write);
    return out + fmt::format(" ({})", p.read_on);
}

// "a; b; c" of what is known.
std::string traits_text(const Traits& t) {
    std::vector<std::string> parts;
    if (t.thinking)
        parts.push_back(*t.thinking == config::ThinkingStyle::none
                            ? "is not told how to think"
                            : fmt::format("told to think by `{}`", name_of(*t.thinking)));
    if (t.efforts && !t.efforts->empty()) parts.push_back("efforts " + code_list(*t.efforts));
    if (t.max_output) parts.push_back(fmt::format("at most {} tokens out", *t.max_output));
    if (t.context_window) parts.push_back(fmt::format("{} tokens of context", *t.context_window));
    if (t.vision) parts.push_back(*t.vision ? "sees images" : "sees no images (a note instead)");
    if (t.media_urls == false) parts.emplace_back("takes images as data only");
    if (t.max_tokens_field && !t.max_tokens_field->empty())
        parts.push_back(fmt::format("limit in `{}`", *t.max_tokens_field));
    if (t.reasoning_field && !t.reasoning_field->empty())
        parts.push_back(fmt::format("wants `{}` back beside tool calls", *t.reasoning_field));
    if (t.cache_marks == true) parts.emplace_back("takes cache marks");
    if (t.cache_key == true) parts.emplace_back("takes the session as `prompt_cache_key`");
    if (t.text_tool_calls == true) parts.emplace_back("tool calls read from text");
    if (t.prices) parts.push_back(prices(*t.prices));
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string models_named(const json::PatchCondition& when) {
    if (when.kind == json::PatchCondition::Kind::starts_with) return when.value + "*";
    return when.value.substr(1, when.value.size() - 2);  // without its quotes
}

// The place and value of each, once.
std::string search_text(const json::Patches& patches) {
    std::vector<std::string> parts;
    for (const json::WirePatch& patch : patches) {
        std::string value = patch.pointer == "/tools/-"
                                ? fmt::format("the tool `{}`", patch.value)
                                : fmt::format("`{}`", patch.pointer.substr(1));
        if (patch.when) value += fmt::format(" (`{}`)", models_named(*patch.when));
        parts.push_back(std::move(value));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string dialect_text(const config::MessagesDialect& d) {
    std::vector<std::string> parts;
    const auto add = [&](std::string_view what, const std::optional<bool>& taken) {
        if (taken) parts.push_back(fmt::format("{} {}", what, *taken ? "taken" : "mended"));
    };
    add("system turns", d.system_turns);
    add("adaptive thinking", d.adaptive_thinking);
    add("tool references", d.tool_reference);
    add("beta members", d.betas);
    add("attribution line", d.attribution);
    return fmt::format("{}", fmt::join(parts, ", "));
}

void section(std::string& out, const Preset& preset) {
    out += fmt::format("\n## {}\n\n- preset: `{}`\n", preset.title, preset.name);
    line(out, "recognised by", code_list(preset.hosts));
    for (const config::PresetWire& wire : preset.wires)
        line(out, std::string(wire_name(wire.speaks)),
             wire.url.empty() ? "at an address of the installation" : "`" + wire.url + "`");
    line(out, "key", preset.key_variable.empty() ? "" : "`$" + preset.key_variable + "`");
    if (preset.keyless) out += "- works without a key\n";
    line(out, "models", traits_text(preset.traits));
    for (const config::ModelTraits& entry : preset.models)
        line(out, "`" + entry.model + "`", traits_text(entry.traits));
    line(out, "left out of Chat requests", code_list(preset.refused));
    line(out, "members of Chat requests", code_list(preset.accepted));
    line(out, "a client's web search becomes", search_text(preset.web_search));
    line(out, "Messages", dialect_text(preset.messages));
    for (const std::string& quirk : preset.quirks) out += "- " + quirk + "\n";
    out += preset.read_on.empty() ? "- not checked against its documents for this version:"
                                  : "- read on " + preset.read_on + ":";
    for (const std::string& source : preset.sources) out += " <" + source + ">";
    out += "\n";
}

}  // namespace

std::string providers_document() {
    std::string out(kIntroduction);
    for (const Preset& preset : config::presets()) section(out, preset);
    return out;
}

}  // namespace ccr::adapt
