#include "config/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/node.h"
#include "config/report.h"

#include <string_view>

namespace ccr::config {
namespace {

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            break;
    }
    return "error";
}

}  // namespace

std::string to_string(const Finding& finding) {
    std::string where = finding.file.empty() ? "configuration" : finding.file;
    if (finding.place.line > 0)
        where += fmt::format(":{}:{}", finding.place.line, finding.place.column);
    return fmt::format("{}: {}: {}", where, name_of(finding.severity), finding.message);
}

std::string without_user_info(std::string message) {
    constexpr std::string_view kScheme = "://";
    std::size_t at = message.find(kScheme);
    while (at != std::string::npos) {
        const std::size_t begin = at + kScheme.size();
        const std::size_t end = std::min(message.find_first_of(" /\"'?#", begin), message.size());
        const std::size_t sign = message.substr(0, end).rfind('@');
        if (sign != std::string::npos && sign >= begin)
            message.replace(begin, sign - begin, "[redacted]");
        at = message.find(kScheme, begin);
    }
    return message;
}

std::vector<Finding> Report::take() {
    std::ranges::stable_sort(findings_, [](const Finding& a, const Finding& b) {
        if ((a.place.line == 0) != (b.place.line == 0)) return b.place.line == 0;
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return std::move(findings_);
}

const Provider* Config::find_provider(std::string_view name) const {
    const auto exact = std::ranges::find(providers, name, &Provider::name);
    if (exact != providers.end()) return &*exact;
    const std::string wanted = lowered(name);
    const auto same = [&](const Provider& provider) { return lowered(provider.name) == wanted; };
    const auto found = std::ranges::find_if(providers, same);
    return found == providers.end() ? nullptr : &*found;
}

std::optional<ModelRef> Config::find_model(std::string_view model) const {
    const auto place = model_index.find(model);
    if (!place) return std::nullopt;
    const Provider& provider = providers.at(place->provider);
    return ModelRef{provider.name, provider.models.at(place->model), {}};
}

std::string to_string(const ModelRef& ref) {
    return ref.provider + "," + ref.model;
}

Traits traits_of(const Provider& provider, std::string_view model) {
    Traits out;
    if (provider.preset) out = traits_of(*provider.preset, model);
    for (const ModelTraits& entry : provider.learned) {
        if (entry.model == model) out.overlay(entry.traits);
    }
    out.overlay(provider.traits);
    for (const ModelTraits& entry : provider.model_traits) {
        if (names_model(entry.model, model)) out.overlay(entry.traits);
    }
    return out;
}

std::optional<ModelRef> parse_model_ref(std::string_view text) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const std::string_view provider = trimmed(text.substr(0, comma));
    const std::string_view model = trimmed(text.substr(comma + 1));
    if (provider.empty() || model.empty()) return std::nullopt;
    return ModelRef{std::string(provider), std::string(model), {}};
}

}  // namespace ccr::config
