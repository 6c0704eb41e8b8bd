// What a provider says of its preset, and what it says in a preset's place: `preset`, `patch` and
// `traits`.
#include <fmt/format.h>

#include <algorithm>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

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

// US dollars for a million tokens.
std::optional<Prices> read_prices(const Reading& reading, const Node& node) {
    check_names(node, kPriceSection, reading.report);
    const auto input = number_of(reading, node["input"], "prices.input");
    const auto output = number_of(reading, node["output"], "prices.output");
    if (!input || !output) {
        if (!node.is_blank())
            reading.report.warn("invalid-value", node.place(),
                                "traits.prices should hold input and output, in US dollars for a "
                                "million tokens; they are ignored");
        return std::nullopt;
    }
    Prices out;
    out.input = *input;
    out.output = *output;
    out.cache_read = number_of(reading, node["cache_read"], "prices.cache_read");
    out.cache_write = number_of(reading, node["cache_write"], "prices.cache_write");
    return out;
}

Traits read_traits(const Reading& reading, const Node& node) {
    Traits out;
    check_names(node, kTraitSection, reading.report);
    out.max_output = tokens_of(reading, node.any_of({"maxoutput"}), "traits.max_output");
    out.context_window =
        tokens_of(reading, node.any_of({"contextwindow"}), "traits.context_window");
    out.vision = flag_of(reading, node.any_of({"vision"}), "traits.vision");
    out.cache_marks = flag_of(reading, node.any_of({"cachemarks"}), "traits.cache_marks");
    out.cache_key = flag_of(reading, node.any_of({"cachekey"}), "traits.cache_key");
    out.text_tool_calls =
        flag_of(reading, node.any_of({"texttoolcalls"}), "traits.text_tool_calls");
    out.media_urls = flag_of(reading, node.any_of({"mediaurls"}), "traits.media_urls");
    out.thinking = style_of(reading, node.any_of({"thinking"}));
    if (const Node efforts = node.any_of({"efforts"}))
        out.efforts = list_of(reading, efforts, "traits.efforts");
    out.reasoning_field =
        text_of(reading, node.any_of({"reasoningfield"}), "traits.reasoning_field");
    out.prices = read_prices(reading, node.any_of({"prices"}));
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
    for (const auto& [model, settings] : node.any_of({"models"}).members()) {
        if (!is_comment(model))
            provider.model_traits.push_back({model, read_traits(reading, settings)});
    }
}

void read_patch(const Reading& reading, const Node& node, Provider& provider) {
    const std::string of = fmt::format("a patch of provider {}", provider.name);
    auto patch = read_wire_patch(reading, node, of);
    if (!patch) return;
    ProviderPatch out{*std::move(patch), {}};
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
    if (!list.is_array() && !list.is_blank()) {
        reading.report.warn("invalid-patch", list.place(),
                            fmt::format("a patch of provider {} is ignored: \"patch\" should be a "
                                        "list of objects",
                                        provider.name));
        return;
    }
    for (const Node& node : list.elements()) read_patch(reading, node, provider);
}

}  // namespace ccr::config
