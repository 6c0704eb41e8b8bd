#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/reading.h"
#include "config/tokenizer_cache.h"

namespace ccr::config {
namespace {

using FormatName = std::pair<std::string_view, CountEndpoint::Format>;
constexpr std::array<FormatName, 4> kFormats{{{"standard", CountEndpoint::Format::standard},
                                              {"openai", CountEndpoint::Format::openai},
                                              {"anthropic", CountEndpoint::Format::anthropic},
                                              {"custom", CountEndpoint::Format::custom}}};

constexpr std::string_view kTiktokenDefault = "cl100k_base";

bool is_http_url(const std::string& text) {
    const auto url = parse_url(text);
    return url && (url->scheme == "http" || url->scheme == "https");
}

class TokenizerReader {
  public:
    TokenizerReader(const Reading& reading, Provider& provider)
        : reading_(reading), provider_(provider) {}

    void read(const Node& node, const std::string& model) {
        if (node.is_blank()) return;
        check_names(node, kTokenizerChoiceSection, reading_.report);
        const std::string type = lowered(text(node, "type").value_or(""));
        if (type == "tiktoken")
            read_tiktoken(node, model);
        else if (type == "huggingface")
            read_file(node, model);
        else if (type == "api")
            read_endpoint(node, model);
        else
            warn(node, "has no type that ccr knows (tiktoken, huggingface, api)");
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
            provider_.tokenizers.push_back(
                {model, cached_tokenizer(*hub_model, reading_.environment)});
        else
            warn(node, "names neither a model nor the path of a tokenizer.json");
    }

    // Without a URL it is the provider's own endpoint, which Chat's providers have not.
    void read_endpoint(const Node& node, const std::string& model) {
        CountEndpoint endpoint;
        endpoint.url = text(node, "url").value_or("");
        endpoint.api_key = text(node, "apikey").value_or("");
        if (const auto field = text(node, "responsefield"); field && !field->empty())
            endpoint.field = *field;
        for (const auto& [name, value] : node.any_of({"headers"}).members()) {
            if (const auto content = text_of(reading_, value, "a header of a tokenizer"))
                endpoint.headers.emplace_back(lowered(name), *content);
        }
        if (endpoint.url.empty()) {
            if (provider_.speaks == Protocol::openai_chat)
                return warn(node, "of type api has no url, and the provider has no such endpoint");
            provider_.tokenizers.push_back({model, "", std::move(endpoint)});
            return;
        }
        if (!is_http_url(endpoint.url)) return warn(node, "has a url that is not http or https");
        const std::string format = lowered(text(node, "requestformat").value_or("standard"));
        const auto* const known = std::ranges::find(kFormats, format, &FormatName::first);
        if (known == kFormats.end())
            return warn(node,
                        "has no requestFormat that ccr knows (standard, openai, anthropic, "
                        "custom)");
        endpoint.format = known->second;
        provider_.tokenizers.push_back({model, "", std::move(endpoint)});
    }

    const Reading& reading_;
    Provider& provider_;
};

}  // namespace

void read_tokenizers(const Reading& reading, const Node& entry, Provider& provider) {
    const Node node = entry.any_of({"tokenizer"});
    check_names(node, kTokenizerSection, reading.report);
    TokenizerReader reader(reading, provider);
    reader.read(node["default"], "");
    for (const auto& [model, choice] : node["models"].members()) {
        if (!is_comment(model)) reader.read(choice, model);
    }
}

}  // namespace ccr::config
