#include "gateway/model_list.h"

#include <fmt/format.h>

#include <array>

#include "auth/put_credential.h"
#include "gateway/authorization.h"
#include "gateway/target_wire.h"
#include "json/document.h"

namespace ccr::gateway {
namespace {

constexpr std::chrono::seconds kTime{30};
constexpr std::size_t kMostBytes = 32u << 20;  // OpenRouter's is one of the longest, below 2 MB

using Names = std::span<const std::string_view>;

std::optional<std::int64_t> first_of(json::View model, Names names) {
    for (const std::string_view name : names) {
        const auto number = model[name].integer();
        if (number && *number > 0) return number;
    }
    return std::nullopt;
}

// OpenRouter, Moonshot: context_length; Groq, Vercel: context_window; Mistral: max_context_length;
// vLLM: max_model_len; Anthropic ("List Models"): max_input_tokens; Gemini
// (ai.google.dev/api/models): inputTokenLimit.
std::optional<std::int64_t> context_of(json::View model) {
    static constexpr auto kNames =
        std::to_array<std::string_view>({"context_length", "context_window", "max_context_length",
                                         "max_model_len", "max_input_tokens", "inputTokenLimit"});
    return first_of(model, kNames);
}

// OpenRouter ("List available models"): of the provider that answers first; Groq:
// max_completion_tokens; Anthropic, Vercel: max_tokens; Gemini: outputTokenLimit.
std::optional<std::int64_t> output_of(json::View model) {
    static constexpr auto kNames = std::to_array<std::string_view>(
        {"max_completion_tokens", "max_output_tokens", "max_tokens", "outputTokenLimit"});
    if (const auto own = first_of(model["top_provider"], kNames)) return own;
    return first_of(model, kNames);
}

// Under "data" (OpenAI, Anthropic), under "models" (Gemini), or the whole answer; else nothing.
json::View models_of(json::View root) {
    for (const json::View models : {root["data"], root["models"], root}) {
        if (models.is_array()) return models;
    }
    return {};
}

std::string name_of(json::View model) {
    if (model["id"].is_string()) return model["id"].text().decode();
    std::string name = model["name"].text().decode();
    constexpr std::string_view kGemini = "models/";
    if (name.starts_with(kGemini)) name.erase(0, kGemini.size());
    return name;
}

}  // namespace

Result<std::string> model_list_url(const config::Provider& provider) {
    const auto beside = [&](std::string_view end, std::string_view instead) {
        std::string url = provider.base_url.substr(0, provider.base_url.find('?'));
        if (!url.ends_with(end)) return std::string();
        return url.replace(url.size() - end.size(), std::string::npos, instead);
    };
    std::string url;
    if (provider.platform == config::Platform::direct) {
        switch (provider.speaks) {
            case Protocol::anthropic:
                url = beside("/messages", "/models?limit=1000");
                break;
            case Protocol::openai_chat:
                url = beside("/chat/completions", "/models");
                break;
            case Protocol::openai_responses:
                url = beside("/responses", "/models");
                break;
            case Protocol::gemini:
                url = beside("/models/", "/models?pageSize=1000");
        }
    }
    if (!url.empty()) return url;
    return fail(ErrorKind::not_supported,
                fmt::format("Provider {} has no list of models that can be found by its address; "
                            "say context_window and max_output among its traits.",
                            provider.name));
}

std::vector<store::Window> windows_in(std::string_view list) {
    std::vector<store::Window> out;
    json::Document document;
    const auto root = document.parse(list);
    if (!root) return out;
    for (const json::View model : models_of(*root).elements()) {
        store::Window window{name_of(model), context_of(model), output_of(model)};
        if (!window.model.empty() && (window.context || window.output))
            out.push_back(std::move(window));
    }
    return out;
}

net::Task<Result<std::vector<store::Window>>> fetch_windows(net::HttpClient& client,
                                                            const config::Provider& provider,
                                                            std::string proxy) {
    net::ClientRequest request;
    request.method = "GET";
    const wire::Target target = target_for(provider, "", false);
    request.headers = codec_for(provider, "").endpoint(target).headers;
    request.headers.remove("content-type");
    request.headers.set("user-agent", "ccr/" CCR_VERSION);
    CO_TRY(request.url, model_list_url(provider));
    if (provider.auth)
        auth::put_credential(*provider.auth, provider.api_key, request.url, request.headers);
    request.proxy = std::move(proxy);
    const net::Deadline deadline = net::Clock::now() + kTime;
    const auto response = client.start(request);
    CO_TRY(const int status, co_await response->status(deadline));
    if (status != 200)
        co_return fail(ErrorKind::upstream_protocol,
                       fmt::format("Provider {} answered {} when it was asked for its models.",
                                   provider.name, status));
    std::string list;
    while (list.size() < kMostBytes) {
        CO_TRY(const std::string_view bytes, co_await response->next(deadline));
        if (bytes.empty()) break;
        list += bytes;
    }
    json::Document document;
    const auto root = document.parse(list);
    if (!root || !models_of(*root))
        co_return fail(ErrorKind::upstream_protocol,
                       fmt::format("Provider {} did not answer with a list of models; what is "
                                   "known of them stays.",
                                   provider.name));
    co_return windows_in(list);
}

}  // namespace ccr::gateway
