#include <fmt/format.h>

#include <algorithm>

#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr std::string_view kTiktokenDefault = "cl100k_base";

// The reference's cache of files from the hub, by the model's name with what is no plain letter as
// '_'.
std::string cached_file(std::string hub_model, const Environment& environment) {
    std::ranges::replace_if(
        hub_model,
        [](char c) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            return !letter && !(c >= '0' && c <= '9') && c != '_' && c != '-';
        },
        '_');
    return home_directory(environment) + "/.huggingface/" + hub_model + "/tokenizer.json";
}

class TokenizerReader {
  public:
    TokenizerReader(const Reading& reading, Provider& provider)
        : reading_(reading), provider_(provider) {}

    void read(const Node& node, const std::string& model) {
        if (node.is_blank()) return;
        const std::string type = lowered(text(node, "type").value_or(""));
        if (type == "tiktoken")
            read_tiktoken(node, model);
        else if (type == "huggingface")
            read_file(node, model);
        else if (type == "api")
            reading_.report.note("not-supported-yet", node.place(),
                                 fmt::format("the tokenizer of provider {} asks an API, which this "
                                             "version does not; its models are counted by name",
                                             provider_.name));
        else
            warn(node, "has no type that ccr knows (tiktoken, huggingface)");
    }

  private:
    std::optional<std::string> text(const Node& node, std::string_view name) const {
        return text_of(reading_, node.any_of({name}),
                       fmt::format("{} of the tokenizer of provider {}", name, provider_.name));
    }
    void warn(const Node& node, std::string_view what) const {
        reading_.report.warn(
            "invalid-value", node.place(),
            fmt::format("a tokenizer of provider {} {}; its models are counted by name",
                        provider_.name, what));
    }
    void read_tiktoken(const Node& node, const std::string& model) {
        std::string encoding = text(node, "encoding").value_or(std::string(kTiktokenDefault));
        if (encoding != kTiktokenDefault && encoding != "o200k_base")
            return warn(node, "names an encoding that ccr has not (cl100k_base, o200k_base)");
        provider_.tokenizers.push_back({model, std::move(encoding)});
    }
    void read_file(const Node& node, const std::string& model) {
        const auto path = text(node, "path"), hub_model = text(node, "model");
        if (path && !path->empty())
            provider_.tokenizers.push_back({model, with_home(*path, reading_.environment)});
        else if (hub_model && !hub_model->empty())
            provider_.tokenizers.push_back({model, cached_file(*hub_model, reading_.environment)});
        else
            warn(node, "names neither a model nor the path of a tokenizer.json");
    }

    const Reading& reading_;
    Provider& provider_;
};

}  // namespace

void read_tokenizers(const Reading& reading, const Node& entry, Provider& provider) {
    const Node node = entry.any_of({"tokenizer"});
    TokenizerReader reader(reading, provider);
    reader.read(node["default"], "");
    for (const auto& [model, choice] : node["models"].members()) reader.read(choice, model);
}

}  // namespace ccr::config
