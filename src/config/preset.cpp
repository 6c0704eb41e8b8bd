#include "config/preset.h"

#include <algorithm>
#include <array>

#include "config/http_url.h"
#include "config/node.h"

namespace ccr::config {
namespace {

constexpr std::array<std::string_view, 5> kStyles = {"reasoning_effort", "thinking",
                                                     "enable_thinking", "reasoning", "none"};

template <typename T>
void take(std::optional<T>& into, const std::optional<T>& from) {
    if (from) into = from;
}

// The length of the pattern where it matches "host/path" or "host:port/path", else 0.
std::size_t match(std::string_view pattern, const HttpUrl& url) {
    const std::size_t slash = pattern.find('/');
    const std::string_view host = pattern.substr(0, slash);
    const std::string_view path = slash == pattern.npos ? "" : pattern.substr(slash);
    const std::string with_port = url.host + ":" + std::to_string(url.port);
    const bool same_host = host.starts_with("*.") ? url.host.ends_with(host.substr(1))
                                                  : (url.host == host || with_port == host);
    return same_host && url.path.starts_with(path) ? pattern.size() : 0;
}

}  // namespace

std::string_view name_of(ThinkingStyle style) {
    return kStyles[static_cast<std::size_t>(style)];
}

std::optional<ThinkingStyle> thinking_style_of(std::string_view name) {
    for (std::size_t i = 0; i < kStyles.size(); ++i) {
        if (folded(kStyles[i]) == folded(name)) return static_cast<ThinkingStyle>(i);
    }
    return std::nullopt;
}

void Traits::overlay(const Traits& over) {
    take(max_output, over.max_output);
    take(context_window, over.context_window);
    take(vision, over.vision);
    take(thinking, over.thinking);
    take(efforts, over.efforts);
    take(reasoning_field, over.reasoning_field);
    take(max_tokens_field, over.max_tokens_field);
    take(cache_marks, over.cache_marks);
    take(cache_key, over.cache_key);
    take(text_tool_calls, over.text_tool_calls);
    take(media_urls, over.media_urls);
    take(prices, over.prices);
}

const Preset* find_preset(std::string_view name) {
    for (const Preset& preset : presets()) {
        if (folded(preset.name) == folded(name)) return &preset;
    }
    return nullptr;
}

const Preset* preset_of_url(std::string_view text) {
    const auto url = parse_url(std::string(text));
    if (!url) return nullptr;
    const Preset* best = nullptr;
    std::size_t longest = 0;
    for (const Preset& preset : presets()) {
        for (const std::string& host : preset.hosts) {
            const std::size_t length = match(host, *url);
            if (length <= longest) continue;
            longest = length;
            best = &preset;
        }
    }
    return best;
}

bool names_model(std::string_view pattern, std::string_view model) {
    const std::string wanted = lowered(pattern), given = lowered(model);
    if (!wanted.ends_with('*')) return wanted == given;
    return given.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
}

// The most telling pattern comes last, so that it has the last word.
Traits traits_of(const Preset& preset, std::string_view model) {
    Traits out = preset.traits;
    std::vector<const ModelTraits*> named;
    for (const ModelTraits& entry : preset.models) {
        if (names_model(entry.model, model)) named.push_back(&entry);
    }
    std::ranges::stable_sort(named, {}, [](const ModelTraits* m) { return m->model.size(); });
    for (const ModelTraits* entry : named) out.overlay(entry->traits);
    return out;
}

}  // namespace ccr::config
