// The reference's transformers by name: what each comes to in patches and adapters. Options are
// read as leniently as its users write them (numbers as text). Defects of the reference that a
// transformer was known for are not among its effects.
#include <array>
#include <charconv>

#include "adapt/behaviours.h"
#include "adapt/native.h"
#include "adapt/recipe.h"
#include "json/document.h"
#include "json/pointer.h"

namespace ccr::adapt {
namespace {

using json::View;

/// One use of a transformer, with its options parsed.
struct Use {
    View options;
    const Situation& situation;
    Recipe& recipe;

    void patch(json::WirePatch patch) const { recipe.patches.push_back(std::move(patch)); }
    void patches(json::Patches list) const {
        for (json::WirePatch& one : list) patch(std::move(one));
    }
    void adapter(std::unique_ptr<Adapter> adapter) const {
        recipe.adapters.push_back(std::move(adapter));
    }
    bool speaks_chat() const { return situation.speaks == Protocol::openai_chat; }
};

// The web interface of the reference stores every option as text.
std::optional<double> number_of(View option) {
    if (!option.is_string()) return option.number();
    const std::string text = option.text().decode();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

std::string number_json(View option) {
    return option.is_string() ? option.text().decode() : std::string(option.raw());
}

void cap_tokens(const Use& use, double most) {
    use.patch(json::clamp_most(max_tokens_pointer(use.situation.speaks), most));
    if (use.speaks_chat()) use.patch(json::clamp_most("/max_completion_tokens", most));
}

void maxtoken(const Use& use) {
    if (const auto most = number_of(use.options["max_tokens"])) cap_tokens(use, *most);
    if (number_of(use.options["default"]))
        use.patch(json::set_default(max_tokens_pointer(use.situation.speaks),
                                    number_json(use.options["default"])));
}

void maxcompletiontokens(const Use& use) {
    if (use.speaks_chat()) use.patch(json::rename_member("/max_tokens", "max_completion_tokens"));
}

struct SamplingName {
    std::string_view option, gemini;
};
constexpr SamplingName kSampling[] = {{"temperature", "/generationConfig/temperature"},
                                      {"top_p", "/generationConfig/topP"},
                                      {"top_k", "/generationConfig/topK"},
                                      {"repetition_penalty", ""}};

void sampling(const Use& use) {
    if (const auto most = number_of(use.options["max_tokens"])) cap_tokens(use, *most);
    for (const SamplingName& name : kSampling) {
        const View option = use.options[name.option];
        if (!number_of(option)) continue;
        if (use.situation.speaks != Protocol::gemini)
            use.patch(json::set_value("/" + std::string(name.option), number_json(option)));
        else if (!name.gemini.empty())
            use.patch(json::set_value(std::string(name.gemini), number_json(option)));
    }
}

// Objects merge, their leaves winning; anything else fills what the request does not say.
void merge(const Use& use, View options, const std::string& base) {
    for (const View::Member member : options.members()) {
        const std::string pointer = base + json::pointer_to(member.key().decode());
        if (member.value.is_object() && member.value.has_elements())
            merge(use, member.value, pointer);
        else if (base.empty() || member.value.is_object())
            use.patch(json::set_default(pointer, std::string(member.value.raw())));
        else
            use.patch(json::set_value(pointer, std::string(member.value.raw())));
    }
}

void customparams(const Use& use) {
    merge(use, use.options, "");
}

void cleancache(const Use& use) {
    use.patches(without_cache_marks());
}

void streamoptions(const Use& use) {
    if (!use.speaks_chat()) return;
    json::WirePatch patch = json::set_value("/stream_options", R"({"include_usage":true})");
    patch.when = json::PatchCondition{"/stream", "true"};
    use.patch(std::move(patch));
}

// Asked for in both dialects that its users need: `thinking` and `enable_thinking`.
void reasoning(const Use& use) {
    if (!use.speaks_chat()) return;
    if (use.options["enable"].boolean() == false) {
        use.patch(json::set_value("/thinking", R"({"type":"disabled","budget_tokens":-1})"));
        use.patch(json::set_value("/enable_thinking", "false"));
        return use.patch(json::remove_value("/reasoning_effort"));
    }
    const auto& thinking = use.situation.conversation.thinking;
    if (!thinking) return;
    const bool off = thinking->mode == chat::Thinking::Mode::off;
    std::string value = off ? R"({"type":"disabled")" : R"({"type":"enabled")";
    if (thinking->mode == chat::Thinking::Mode::budget)
        value += R"(,"budget_tokens":)" + std::to_string(thinking->budget_tokens);
    use.patch(json::set_value("/thinking", value + "}"));
    use.patch(json::set_value("/enable_thinking", off ? "false" : "true"));
    use.patch(json::remove_value("/reasoning_effort"));
}

// Every option becomes a member of the request ({"provider": {"only": [...]}}).
void openrouter(const Use& use) {
    use.patches(thinking_patches(use.situation, config::ThinkingStyle::reasoning_object));
    for (const View::Member member : use.options.members())
        use.patch(json::set_value(json::pointer_to(member.key().decode()),
                                  std::string(member.value.raw())));
}

// 8192 was the cap of all its models once; now an option, or what the preset knows of the model.
void deepseek(const Use& use) {
    constexpr double kFormerCap = 8192;
    const auto& known = use.situation.traits.max_output;
    const auto most = number_of(use.options["max_tokens"]);
    const bool at_home =
        use.situation.provider.preset && use.situation.provider.preset->name == "deepseek";
    if (most)
        cap_tokens(use, *most);
    else if (!known && !at_home)
        cap_tokens(use, kFormerCap);
    const auto& thinking = use.situation.conversation.thinking;
    const bool thinks = thinking && thinking->mode != chat::Thinking::Mode::off;
    if (thinks && use.speaks_chat() && !use.situation.same_protocol && !at_home)
        use.adapter(reasoning_back(use.situation.provider.name, "reasoning_content"));
}

void groq(const Use& use) {
    use.patches(without_cache_marks());
    use.patch(json::remove_value("/tools/*/function/parameters/$schema"));
}

void cerebras(const Use& use) {
    if (!use.speaks_chat()) return;
    const auto& thinking = use.situation.conversation.thinking;
    if (thinking && thinking->mode == chat::Thinking::Mode::off)
        use.patch(json::set_value("/disable_reasoning", "true"));
    use.patch(json::remove_value("/reasoning"));
    use.patch(json::remove_value("/reasoning_effort"));
}

void tooluse(const Use& use) {
    use.adapter(tool_use());
}
void forcereasoning(const Use& use) {
    use.adapter(force_reasoning());
}
void enhancetool(const Use& use) {
    use.adapter(enhance_tool());
}

// What the protocol itself is chosen by: the configuration and the codecs have done it all.
void protocol_choice(const Use&) {}

struct Entry {
    std::string_view name;
    void (*add)(const Use&);
};
constexpr std::array<Entry, 21> kTransformers{{
    {"Anthropic", protocol_choice},
    {"OpenAI", protocol_choice},
    {"openai-responses", protocol_choice},
    {"gemini", protocol_choice},
    {"vertex-gemini", protocol_choice},
    {"vertex-claude", protocol_choice},
    {"deepseek", deepseek},
    {"tooluse", tooluse},
    {"groq", groq},
    {"cleancache", cleancache},
    {"enhancetool", enhancetool},
    {"cerebras", cerebras},
    {"streamoptions", streamoptions},
    {"forcereasoning", forcereasoning},
    {"openrouter", openrouter},
    {"vercel", openrouter},
    {"maxtoken", maxtoken},
    {"maxcompletiontokens", maxcompletiontokens},
    {"reasoning", reasoning},
    {"sampling", sampling},
    {"customparams", customparams},
}};

}  // namespace

void add_transformer(const config::TransformerUse& use, const Situation& situation,
                     Recipe& recipe) {
    json::Document document;
    const std::string_view text = use.options.empty() ? std::string_view("{}") : use.options;
    const auto options = document.parse(text);
    if (!options) return;  // cannot be: the configuration wrote them
    for (const Entry& entry : kTransformers) {
        if (entry.name == use.name) return entry.add(Use{*options, situation, recipe});
    }
}

std::string max_tokens_pointer(Protocol protocol) {
    switch (protocol) {
        case Protocol::openai_responses:
            return "/max_output_tokens";
        case Protocol::gemini:
            return "/generationConfig/maxOutputTokens";
        case Protocol::anthropic:
        case Protocol::openai_chat:
            break;
    }
    return "/max_tokens";
}

json::Patches without_cache_marks() {
    json::Patches out;
    for (const char* pointer :
         {"/cache_control", "/system/*/cache_control", "/tools/*/cache_control",
          "/messages/*/cache_control", "/messages/*/content/*/cache_control",
          "/messages/*/content/*/content/*/cache_control"})
        out.push_back(json::remove_value(pointer));
    return out;
}

}  // namespace ccr::adapt
