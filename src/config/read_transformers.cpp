#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <ranges>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"
#include "config/transformer_names.h"

namespace ccr::config {
namespace {

// Which names they register, scripts alone know, once they run. One that takes a built-in's says so
// in its text: `name = "openrouter"`, `name: "openrouter"`, `static TransformerName = ...`.
bool takes_name(const std::string& script, std::string_view name) {
    constexpr std::size_t kMost = 1 << 20;
    std::string text;
    if (std::ifstream in(script, std::ios::binary); in) {
        text.resize(kMost);
        in.read(text.data(), static_cast<std::streamsize>(kMost));
        text.resize(static_cast<std::size_t>(in.gcount()));
    }
    const auto is_named_at = [&text](std::size_t quote) {
        const std::size_t sign = text.find_last_not_of(" \t\r\n", quote - 1);
        if (sign == std::string::npos || sign == 0 || (text[sign] != '=' && text[sign] != ':'))
            return false;
        const std::size_t end = text.find_last_not_of(" \t\r\n\"'", sign - 1);
        const std::string_view before = std::string_view(text).substr(0, end + 1);
        if (before.ends_with("TransformerName")) return true;
        if (!before.ends_with("name")) return false;
        const char edge = before.size() > 4 ? before[before.size() - 5] : ' ';
        return std::string_view(" \t\r\n;{,.\"'").find(edge) != std::string_view::npos;
    };
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if (at < 2 || end >= text.size() || text[at - 1] != text[end]) continue;
        if (std::string_view("\"'`").find(text[end]) == std::string_view::npos) continue;
        if (is_named_at(at - 1)) return true;
    }
    return false;
}

const ScriptFile* script_with_name(const Config& config, std::string_view name) {
    for (const ScriptFile& script : std::views::reverse(config.scripts.transformers)) {
        if (takes_name(script.file, name)) return &script;
    }
    return nullptr;
}

// The user's wins, as in the reference.
bool is_replaced(const Reading& reading, const Config& config, const TransformerUse& use) {
    const ScriptFile* script = script_with_name(config, use.name);
    if (!script) return false;
    reading.report.note("transformer-replaced", use.place,
                        fmt::format("{} registers the name of the built-in transformer {}, and is "
                                    "used in its place",
                                    script->file, use.name));
    return true;
}

// `breaks` is the provider whose every request would go out unconverted; nullptr where it is those
// of one model.
void check_transformer(const Reading& reading, const Config& config, TransformerUse& use,
                       Provider* breaks) {
    if (const TransformerName* known = find_transformer(use.name)) {
        use.is_script = is_replaced(reading, config, use);
        if (!use.is_script) use.name = known->name;
        return;
    }
    use.is_script = !config.scripts.transformers.empty();
    if (use.is_script) return;
    std::vector<std::string> names;
    for (const TransformerName& known : transformer_names()) names.emplace_back(known.name);
    const std::string near = nearest(use.name, names);
    Finding finding = reading.report.add(
        breaks ? Severity::error : Severity::warning, "unknown-transformer", use.place,
        fmt::format("there is no transformer named \"{}\"{}{}", use.name, did_you_mean(near),
                    breaks ? "; remove it or correct its name to use this provider"
                           : "; it has no effect, remove it or correct its name"));
    if (breaks && !breaks->broken) breaks->broken = std::move(finding);
}

// "name", ["name", {options}] or {name, options}.
std::optional<TransformerUse> read_use(const Reading& reading, const Node& node) {
    TransformerUse use;
    use.place = node.place();
    Node name = node, options;
    if (node.is_array()) {
        const auto parts = node.elements();
        name = parts.empty() ? Node() : parts[0];
        if (parts.size() > 1) options = parts[1];
    } else if (node.is_object()) {
        name = node["name"];
        options = node["options"];
    }
    const auto text = name.text();
    if (!text || trimmed(*text).empty()) {
        reading.report.warn(
            "wrong-type", node.place(),
            "a transformer is \"name\" or [\"name\", {options}]; this entry is ignored");
        return std::nullopt;
    }
    use.name = trimmed(*text);
    if (options.is_object()) {
        use.options = options.json();
    } else if (!options.is_blank()) {
        reading.report.warn(
            "wrong-type", options.place(),
            fmt::format("the options of transformer {} should be an object but are {}; they are "
                        "ignored",
                        use.name, options.kind()));
    }
    return use;
}

std::vector<TransformerUse> read_uses(const Reading& reading, const Node& list,
                                      const Config& config, Provider* breaks = nullptr) {
    std::vector<TransformerUse> out;
    if (list.is_array()) {
        for (const Node& element : list.elements()) {
            if (auto use = read_use(reading, element)) out.push_back(*std::move(use));
        }
    } else if (!list.is_blank()) {
        if (auto use = read_use(reading, list)) out.push_back(*std::move(use));
    }
    for (TransformerUse& use : out) check_transformer(reading, config, use, breaks);
    return out;
}

void read_model_uses(const Reading& reading, const Node& node, const Config& config,
                     Provider& provider) {
    for (const auto& [model, settings] : node.members()) {
        if (model == "use" || is_comment(model) || settings.is_blank()) continue;
        const Node list = settings.is_object() ? settings["use"] : settings;
        if (!list) {
            reading.report.warn(
                "wrong-type", settings.name_place(),
                fmt::format("\"{}\" under transformer should hold a list \"use\"; it has no effect",
                            model));
            continue;
        }
        provider.model_use.push_back({model, read_uses(reading, list, config)});
        const auto& models = provider.models;
        if (models.empty() || std::ranges::find(models, model) != models.end()) continue;
        reading.report.warn(
            "model-not-listed", settings.name_place(),
            fmt::format("transformer settings for \"{}\", which is not among the models of {}{}",
                        model, provider.name, did_you_mean(nearest(model, models))));
    }
}

}  // namespace

void read_transformers(const Reading& reading, const Node& entry, const Config& config,
                       Provider& provider) {
    const Node node = entry.any_of({"transformer", "transformers"});
    if (node.is_blank()) return;
    if (node.is_object()) {
        provider.use = read_uses(reading, node["use"], config, &provider);
        read_model_uses(reading, node, config, provider);
    } else {
        provider.use = read_uses(reading, node, config, &provider);
    }
}

bool uses_transformer(const Provider& provider, std::string_view prefix) {
    return std::ranges::any_of(
        provider.use, [&](const TransformerUse& use) { return use.name.starts_with(prefix); });
}

}  // namespace ccr::config
