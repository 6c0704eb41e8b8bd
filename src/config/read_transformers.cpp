#include <fmt/format.h>

#include <algorithm>

#include "config/nearest.h"
#include "config/reading.h"
#include "config/transformer_names.h"

namespace ccr::config {
namespace {

bool has_scripts(const Reading& reading) {
    const Node list = reading.root["transformers"];
    return list.is_array() && !list.elements().empty();
}

// `breaks` is the provider whose every request would go out unconverted; nullptr where it is those
// of one model.
void check_transformer(const Reading& reading, TransformerUse& use, Provider* breaks) {
    if (const TransformerName* known = find_transformer(use.name)) {
        use.name = known->name;
        return;
    }
    // Which names they register, they alone know.
    use.is_script = has_scripts(reading);
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
                                      Provider* breaks = nullptr) {
    std::vector<TransformerUse> out;
    if (list.is_array()) {
        for (const Node& element : list.elements()) {
            if (auto use = read_use(reading, element)) out.push_back(*std::move(use));
        }
    } else if (!list.is_blank()) {
        if (auto use = read_use(reading, list)) out.push_back(*std::move(use));
    }
    for (TransformerUse& use : out) check_transformer(reading, use, breaks);
    return out;
}

void read_model_uses(const Reading& reading, const Node& node, Provider& provider) {
    for (const auto& [model, settings] : node.members()) {
        if (model == "use" || model.starts_with("//") || settings.is_blank()) continue;
        const Node list = settings.is_object() ? settings["use"] : settings;
        if (!list) {
            reading.report.warn(
                "wrong-type", settings.name_place(),
                fmt::format("\"{}\" under transformer should hold a list \"use\"; it has no effect",
                            model));
            continue;
        }
        provider.model_use.push_back({model, read_uses(reading, list)});
        const auto& models = provider.models;
        if (models.empty() || std::ranges::find(models, model) != models.end()) continue;
        reading.report.warn(
            "model-not-listed", settings.name_place(),
            fmt::format("transformer settings for \"{}\", which is not among the models of {}{}",
                        model, provider.name, did_you_mean(nearest(model, models))));
    }
}

}  // namespace

void read_transformers(const Reading& reading, const Node& entry, Provider& provider) {
    const Node node = entry.any_of({"transformer", "transformers"});
    if (node.is_blank()) return;
    if (node.is_object()) {
        provider.use = read_uses(reading, node["use"], &provider);
        read_model_uses(reading, node, provider);
    } else {
        provider.use = read_uses(reading, node, &provider);
    }
}

}  // namespace ccr::config
