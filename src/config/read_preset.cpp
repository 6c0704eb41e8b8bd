// What a provider says of its preset, and what it says in a preset's place: `preset`, `patch` and
// `traits`.
#include <fmt/format.h>

#include <algorithm>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr Names kTraitNames = {"maxoutput",      "contextwindow",  "vision",     "thinking",
                               "efforts",        "reasoningfield", "cachemarks", "texttoolcalls",
                               "maxtokensfield", "models"};
constexpr Vocabulary kTraitKeys{"traits", {}, kTraitNames, {}};
constexpr Names kPatchNames = {"set", "default", "delete", "rename", "clamp",  "value",
                               "to",  "min",     "max",    "model",  "models", "when"};
constexpr Vocabulary kPatchKeys{"a patch", {}, kPatchNames, {}};

std::vector<std::string> preset_names() {
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    return names;
}

std::optional<std::int64_t> tokens_of(const Reading& reading, const Node& node,
                                      std::string_view name) {
    const auto number = number_of(reading, node, name);
    if (!number) return std::nullopt;
    if (*number >= 1 && *number <= 1e12) return static_cast<std::int64_t>(*number);
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("{} should be a number of tokens; it is ignored", name));
    return std::nullopt;
}

std::optional<ThinkingStyle> style_of(const Reading& reading, const Node& node) {
    const auto text = text_of(reading, node, "traits.thinking");
    if (!text) return std::nullopt;
    if (const auto style = thinking_style_of(*text)) return style;
    reading.report.warn("invalid-value", node.place(),
                        "traits.thinking should be one of reasoning_effort, thinking, "
                        "enable_thinking, reasoning, none; it is ignored");
    return std::nullopt;
}

Traits read_traits(const Reading& reading, const Node& node) {
    Traits out;
    check_names(node, kTraitKeys, reading.report);
    out.max_output = tokens_of(reading, node.any_of({"maxoutput"}), "traits.max_output");
    out.context_window =
        tokens_of(reading, node.any_of({"contextwindow"}), "traits.context_window");
    out.vision = flag_of(reading, node.any_of({"vision"}), "traits.vision");
    out.cache_marks = flag_of(reading, node.any_of({"cachemarks"}), "traits.cache_marks");
    out.text_tool_calls =
        flag_of(reading, node.any_of({"texttoolcalls"}), "traits.text_tool_calls");
    out.thinking = style_of(reading, node.any_of({"thinking"}));
    if (const Node efforts = node.any_of({"efforts"}))
        out.efforts = list_of(reading, efforts, "traits.efforts");
    out.reasoning_field =
        text_of(reading, node.any_of({"reasoningfield"}), "traits.reasoning_field");
    out.max_tokens_field =
        text_of(reading, node.any_of({"maxtokensfield"}), "traits.max_tokens_field");
    return out;
}

void read_all_traits(const Reading& reading, const Node& node, Provider& provider) {
    if (node.is_blank()) return;
    if (!node.is_object()) {
        reading.report.warn("wrong-type", node.place(),
                            fmt::format("traits of provider {} should be an object but is {}; it "
                                        "is ignored",
                                        provider.name, node.kind()));
        return;
    }
    provider.traits = read_traits(reading, node);
    for (const auto& [model, settings] : node.any_of({"models"}).members())
        provider.model_traits.push_back({model, read_traits(reading, settings)});
}

struct PatchWord {
    std::string_view name;
    json::PatchKind kind;
};
constexpr PatchWord kPatchWords[] = {{"set", json::PatchKind::set},
                                     {"default", json::PatchKind::set_default},
                                     {"delete", json::PatchKind::remove},
                                     {"rename", json::PatchKind::rename},
                                     {"clamp", json::PatchKind::clamp}};

void refuse(const Reading& reading, const Node& node, const Provider& provider,
            std::string_view why) {
    reading.report.warn("invalid-patch", node.place(),
                        fmt::format("a patch of provider {} is ignored: {}", provider.name, why));
}

// What the operation needs beside its pointer; "" when it has it.
std::string read_operand(const Reading& reading, const Node& node, json::WirePatch& patch) {
    using json::PatchKind;
    switch (patch.kind) {
        case PatchKind::set:
        case PatchKind::set_default:
            if (!node["value"]) return "add \"value\"";
            patch.value = node["value"].json();
            return "";
        case PatchKind::rename:
            patch.value = text_of(reading, node["to"], "\"to\" of a patch").value_or("");
            return patch.value.empty() ? "add the new name as \"to\"" : "";
        case PatchKind::clamp:
            patch.least = number_of(reading, node["min"], "\"min\" of a patch");
            patch.most = number_of(reading, node["max"], "\"max\" of a patch");
            if (!patch.least && !patch.most) return "add \"min\" or \"max\"";
            return patch.least && patch.most && *patch.least > *patch.most
                       ? "\"min\" is above \"max\""
                       : "";
        case PatchKind::remove:
            break;
    }
    return "";
}

void read_condition(const Node& node, json::WirePatch& patch) {
    for (const auto& [pointer, value] : node.members())
        patch.when = json::PatchCondition{pointer, value.json()};
}

void read_patch(const Reading& reading, const Node& node, Provider& provider) {
    if (!node.is_object())
        return refuse(reading, node, provider,
                      "it should be an object such as {\"delete\": \"/x\"}");
    check_names(node, kPatchKeys, reading.report);
    ProviderPatch out;
    Node at;
    for (const PatchWord& word : kPatchWords) {
        if (!node[word.name]) continue;
        if (at) return refuse(reading, node, provider, "it does two things; write two patches");
        at = node[word.name];
        out.patch.kind = word.kind;
    }
    if (!at)
        return refuse(reading, node, provider,
                      "it needs one of set, default, delete, rename, clamp");
    out.patch.pointer = at.text().value_or("");
    if (const std::string wrong = json::check_pointer(out.patch.pointer); !wrong.empty())
        return refuse(reading, at, provider, wrong);
    if (const std::string wrong = read_operand(reading, node, out.patch); !wrong.empty())
        return refuse(reading, node, provider, wrong);
    read_condition(node["when"], out.patch);
    out.models = list_of(reading, node.any_of({"model", "models"}), "\"models\" of a patch");
    provider.patch.push_back(std::move(out));
}

}  // namespace

void read_preset(const Reading& reading, const Node& entry, Provider& provider) {
    const Node node = entry.any_of({"preset"});
    const auto name =
        node.is_blank()
            ? std::nullopt
            : text_of(reading, node, fmt::format("the preset of provider {}", provider.name));
    if (!name) {
        provider.preset = preset_of_url(provider.base_url);
        return;
    }
    provider.preset = find_preset(trimmed(*name));
    if (!provider.preset) {
        reading.report.warn("unknown-preset", node.place(),
                            fmt::format("there is no preset named \"{}\"{}; it has no effect",
                                        *name, did_you_mean(nearest(*name, preset_names()))));
        provider.preset = preset_of_url(provider.base_url);
        return;
    }
    if (provider.base_url.empty()) provider.base_url = provider.preset->wires.front().url;
}

void read_overrides(const Reading& reading, const Node& entry, Provider& provider) {
    read_all_traits(reading, entry.any_of({"traits"}), provider);
    const Node list = entry.any_of({"patch"});
    if (list.is_object()) return read_patch(reading, list, provider);
    if (!list.is_array() && !list.is_blank())
        return refuse(reading, list, provider, "\"patch\" should be a list of objects");
    for (const Node& node : list.elements()) read_patch(reading, node, provider);
}

}  // namespace ccr::config
