#include "cloud/address.h"

#include <fmt/format.h>

#include "base/percent.h"

namespace ccr::cloud {
namespace {

using config::Platform;
using config::Provider;

struct Split {
    std::string origin, path, query;  // "https://host:1", "/a/b" without a closing slash, "x=y"
};

Split split(const std::string& url) {
    Split out;
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t question = std::min(url.find('?'), url.size());
    const std::size_t slash = std::min(url.find('/', host), question);
    out.origin = url.substr(0, slash);
    out.path = url.substr(slash, question - slash);
    if (question < url.size()) out.query = url.substr(question + 1);
    while (out.path.ends_with('/')) out.path.pop_back();
    return out;
}

bool cut_end(std::string& text, std::string_view end) {
    if (!text.ends_with(end)) return false;
    text.resize(text.size() - end.size());
    return true;
}

bool is_google(std::string_view origin) {
    return origin.ends_with(".googleapis.com");
}

// Regional, global and multi-region hosts ("Vertex AI locations"; "Data residency", us and eu).
std::string vertex_origin(std::string_view location) {
    if (location == "global") return "https://aiplatform.googleapis.com";
    if (location == "us" || location == "eu")
        return fmt::format("https://aiplatform.{}.rep.googleapis.com", location);
    return fmt::format("https://{}-aiplatform.googleapis.com", location);
}

// The part up to the location: of a configured URL that names it, else made of the settings.
Result<std::string> vertex_parent(const Provider& provider, const Call& call, bool claude) {
    Split base = split(provider.base_url);
    if (const std::size_t at = base.path.find("/publishers/"); at != std::string::npos)
        base.path.resize(at);
    if (base.path.find("/locations/") != std::string::npos) return base.origin + base.path;
    const std::string project =
        provider.vertex.project.empty() ? std::string(call.project) : provider.vertex.project;
    if (project.empty())
        return fail(ErrorKind::config,
                    fmt::format("Provider {} has no Google Cloud project: add \"vertex\": "
                                "{{\"project\": \"...\"}} or set GOOGLE_CLOUD_PROJECT.",
                                provider.name));
    // What the reference takes where nothing is said.
    std::string location = provider.vertex.location;
    if (location.empty()) location = claude ? "us-east5" : "us-central1";
    if (base.origin.empty() || is_google(base.origin)) base.origin = vertex_origin(location);
    const bool versioned = base.path.ends_with("/v1") || base.path.ends_with("/v1beta1");
    // Google's own client speaks v1beta1 to Gemini, Anthropic's v1 to Claude.
    if (!versioned) base.path += claude ? "/v1" : "/v1beta1";
    return fmt::format("{}{}/projects/{}/locations/{}", base.origin, base.path,
                       percent_encode(project, ":"), percent_encode(location));
}

// "Method: publishers.models" of the Vertex AI reference: generateContent, streamGenerateContent
// (server-sent events only with alt=sse), rawPredict, streamRawPredict.
Result<std::string> vertex_address(const Provider& provider, const Call& call, std::string url) {
    if (provider.speaks != Protocol::anthropic && provider.speaks != Protocol::gemini) return url;
    const bool claude = provider.speaks == Protocol::anthropic;
    TRY(const std::string parent, vertex_parent(provider, call, claude));
    const std::string_view method =
        claude ? (call.stream ? "streamRawPredict" : "rawPredict")
               : (call.stream ? "streamGenerateContent?alt=sse" : "generateContent");
    return fmt::format("{}/publishers/{}/models/{}:{}", parent, claude ? "anthropic" : "google",
                       percent_encode(call.model, "@"), method);
}

// "InvokeModel" and "InvokeModelWithResponseStream" of the Bedrock Runtime reference: the id, which
// may be an ARN with ':' and '/', is one segment of the path. OpenAI's protocol is spoken below
// /openai/v1.
std::string bedrock_address(const Provider& provider, const Call& call, std::string url) {
    Split base = split(provider.base_url);
    if (provider.speaks != Protocol::anthropic) {
        if (!base.path.empty()) return url;
        return base.origin + "/openai/v1/chat/completions";
    }
    if (const std::size_t at = base.path.find("/model/"); at != std::string::npos)
        base.path.resize(at);
    return fmt::format("{}{}/model/{}/{}", base.origin, base.path, percent_encode(call.model),
                       call.stream ? "invoke-with-response-stream" : "invoke");
}

std::string_view azure_operation(Protocol protocol) {
    if (protocol == Protocol::anthropic) return "/messages";
    return protocol == Protocol::openai_responses ? "/responses" : "/chat/completions";
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

// The first version that the deployments path was stable under with tools and streaming usage.
constexpr std::string_view kAzureVersion = "2024-10-21";

// From the resource alone: the v1 API, or the path of a deployment where a version is asked for
// ("Azure OpenAI API version lifecycle"; Claude: "Deploy and use Claude models in Foundry").
std::string azure_path(const Provider& provider, const std::string& deployment, Split& base) {
    const std::string_view operation = azure_operation(provider.speaks);
    if (provider.speaks == Protocol::anthropic) {
        cut_end(base.path, "/v1");
        cut_end(base.path, "/anthropic");
        return fmt::format("{}/anthropic/v1{}", base.path, operation);
    }
    if (base.path.find("/deployments/") != std::string::npos)
        return fmt::format("{}{}", base.path, operation);
    const bool listed = cut_end(base.path, "/deployments");
    const bool v1 = cut_end(base.path, "/openai/v1");
    cut_end(base.path, "/openai");
    const bool by_deployment = listed || (!v1 && !provider.azure.api_version.empty());
    if (by_deployment && provider.speaks == Protocol::openai_chat)
        return fmt::format("{}/openai/deployments/{}{}", base.path, deployment, operation);
    if (by_deployment) return fmt::format("{}/openai{}", base.path, operation);
    return fmt::format("{}/openai/v1{}", base.path, operation);
}

std::string azure_address(const Provider& provider, const Call& call) {
    Split base = split(provider.base_url);
    const std::string deployment = percent_encode(
        provider.azure.deployment.empty() ? call.model
                                          : std::string_view(provider.azure.deployment));
    const bool complete = base.path.ends_with(azure_operation(provider.speaks));
    std::string path = complete ? base.path : azure_path(provider, deployment, base);
    replace_all(path, "{deployment}", deployment);
    replace_all(path, "{model}", deployment);
    std::string query = base.query;
    const bool v1 =
        path.find("/openai/v1/") != std::string::npos || provider.speaks == Protocol::anthropic;
    std::string_view version = provider.azure.api_version;
    if (version.empty() && !v1) version = kAzureVersion;
    if (!version.empty() && query.find("api-version=") == std::string::npos)
        query += fmt::format("{}api-version={}", query.empty() ? "" : "&", version);
    return fmt::format("{}{}{}{}", base.origin, path, query.empty() ? "" : "?", query);
}

}  // namespace

Result<std::string> address(const Provider& provider, const Call& call, std::string url) {
    switch (provider.platform) {
        case Platform::vertex:
            return vertex_address(provider, call, std::move(url));
        case Platform::bedrock:
            return bedrock_address(provider, call, std::move(url));
        case Platform::azure:
            return azure_address(provider, call);
        case Platform::direct:
            break;
    }
    return url;
}

}  // namespace ccr::cloud
