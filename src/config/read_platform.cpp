// The platform of a provider (Vertex AI, Bedrock, Azure) and its settings.
#include <fmt/format.h>

#include <algorithm>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/loader.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void break_with(Provider& provider, Finding finding) {
    if (!provider.broken) provider.broken = std::move(finding);
}

/// Reads the texts of one settings object.
class Settings {
  public:
    Settings(const Reading& reading, const Node& entry, const Section& section, Provider& provider)
        : reading_(reading),
          node_(entry.any_of({section.of})),
          name_(section.of),
          provider_(provider) {
        if (node_.is_object()) {
            check_names(node_, section, reading.report);
        } else if (!node_.is_blank()) {
            reading.report.warn("wrong-type", node_.place(),
                                fmt::format("{} of provider {} should be an object but is {}; it "
                                            "is ignored",
                                            name_, provider.name, node_.kind()));
        }
    }

    Node at(std::string_view folded_name) const { return node_.any_of({folded_name}); }

    std::string text(std::string_view folded_name) const {
        const Node node = at(folded_name);
        const std::string title =
            fmt::format("{}.{} of provider {}", name_, folded_name, provider_.name);
        std::string value(trimmed(text_of(reading_, node, title).value_or("")));
        if (node.unresolved().empty()) return value;
        const std::string& variable = node.unresolved().front();
        break_with(provider_,
                   reading_.report.error(
                       "unresolved-variable", node.place(),
                       fmt::format("{} names the variable {}, which is not set; export {}=... "
                                   "before the start",
                                   title, variable, variable)));
        return "";
    }

    std::string path(std::string_view folded_name) const {
        return with_home(text(folded_name), reading_.environment);
    }

  private:
    const Reading& reading_;
    Node node_;
    std::string_view name_;
    Provider& provider_;
};

std::string first_of(std::initializer_list<std::string> values) {
    for (const std::string& value : values) {
        if (!value.empty()) return value;
    }
    return "";
}

std::string variable(const Reading& reading, std::string_view name) {
    return reading.environment(name).value_or("");
}

// The reference makes every key of the file an environment variable, so that it wins over the real
// one.
std::string key_or_variable(const Reading& reading, std::string_view name) {
    const Node node = reading.root[name];
    if (!node.is_blank() && node.unresolved().empty()) {
        if (const auto text = node.text()) return std::string(trimmed(*text));
    }
    return variable(reading, name);
}

bool ends_with_any(std::string_view host, std::initializer_list<std::string_view> ends) {
    return std::ranges::any_of(ends, [&](std::string_view end) { return host.ends_with(end); });
}

/// "us-east-1" of bedrock-runtime.us-east-1.amazonaws.com; "" for any other host.
std::string region_of_host(std::string_view host) {
    if (!ends_with_any(host, {".amazonaws.com", ".amazonaws.com.cn"})) return "";
    for (const std::string_view service : {"bedrock-runtime.", "bedrock-runtime-fips."}) {
        const std::size_t at = host.find(service);
        if (at == std::string_view::npos || (at > 0 && host[at - 1] != '.')) continue;
        const std::string_view rest = host.substr(at + service.size());
        return std::string(rest.substr(0, rest.find('.')));
    }
    return "";
}

/// "us-east5" of us-east5-aiplatform.googleapis.com; "" for any other host.
std::string location_of_host(std::string_view host) {
    constexpr std::string_view kEnd = "-aiplatform.googleapis.com";
    if (host == "aiplatform.googleapis.com") return "global";
    return host.ends_with(kEnd) ? std::string(host.substr(0, host.size() - kEnd.size())) : "";
}

bool is_vertex_host(std::string_view host) {
    return !location_of_host(host).empty() ||
           (host.starts_with("aiplatform.") && host.ends_with(".rep.googleapis.com"));
}

Platform platform_of(const Node& entry, const Provider& provider, std::string_view host) {
    const auto is_named = [&](std::string_view preset) {
        return !entry.any_of({"preset"}).is_blank() && provider.preset &&
               provider.preset->name == preset;
    };
    if (entry.any_of({"vertex"}).is_object() || uses_transformer(provider, "vertex-") ||
        is_named("vertex"))
        return Platform::vertex;
    if (entry.any_of({"aws"}).is_object() || is_named("bedrock")) return Platform::bedrock;
    if (entry.any_of({"azure"}).is_object() || is_named("azure")) return Platform::azure;
    if (is_vertex_host(host)) return Platform::vertex;
    if (!region_of_host(host).empty()) return Platform::bedrock;
    const bool azure = ends_with_any(host, {".openai.azure.com", ".cognitiveservices.azure.com",
                                            ".services.ai.azure.com", ".openai.azure.us"});
    return azure ? Platform::azure : Platform::direct;
}

// Google's client libraries look for the same names in the same places (docs: "How Application
// Default Credentials works").
void read_vertex(const Reading& reading, const Node& entry, std::string_view host,
                 Provider& provider) {
    const Settings settings(reading, entry, kVertexSection, provider);
    VertexSettings& out = provider.vertex;
    out.project =
        first_of({settings.text("project"), key_or_variable(reading, "GOOGLE_CLOUD_PROJECT")});
    out.location =
        first_of({settings.text("location"), key_or_variable(reading, "GOOGLE_CLOUD_LOCATION"),
                  location_of_host(host)});
    out.credentials_file =
        first_of({settings.path("credentialsfile"),
                  with_home(key_or_variable(reading, "GOOGLE_APPLICATION_CREDENTIALS"),
                            reading.environment)});
    const std::string gcloud = first_of(
        {variable(reading, "CLOUDSDK_CONFIG"), with_home("~/.config/gcloud", reading.environment)});
    out.default_file = gcloud + "/application_default_credentials.json";
    out.metadata_host =
        first_of({settings.text("metadatahost"), variable(reading, "GCE_METADATA_HOST")});
}

void read_aws_keys(const Reading& reading, const Settings& settings, Provider& provider) {
    AwsSettings& out = provider.aws;
    out.access_key_id = settings.text("accesskeyid");
    out.secret_access_key = settings.text("secretaccesskey");
    out.session_token = settings.text("sessiontoken");
    out.profile = settings.text("profile");
    if (out.access_key_id.empty() != out.secret_access_key.empty()) {
        break_with(provider,
                   reading.report.error(
                       "provider-incomplete", settings.at("accesskeyid").place(),
                       fmt::format("provider {} has one half of its AWS key; aws needs both "
                                   "access_key_id and secret_access_key",
                                   provider.name)));
    }
    // Keys in the environment win over a profile named there, as with AWS's own tools.
    if (out.access_key_id.empty() && out.profile.empty()) {
        out.access_key_id = variable(reading, "AWS_ACCESS_KEY_ID");
        out.secret_access_key = variable(reading, "AWS_SECRET_ACCESS_KEY");
        out.session_token = variable(reading, "AWS_SESSION_TOKEN");
    }
    out.profile = first_of({out.profile, variable(reading, "AWS_PROFILE"), "default"});
    out.credentials_file = first_of({settings.path("credentialsfile"),
                                     variable(reading, "AWS_SHARED_CREDENTIALS_FILE"),
                                     with_home("~/.aws/credentials", reading.environment)});
}

std::string bedrock_url(std::string_view region) {
    return fmt::format("https://bedrock-runtime.{}.amazonaws.com{}", region,
                       region.starts_with("cn-") ? ".cn" : "");
}

void read_aws(const Reading& reading, const Node& entry, std::string_view host,
              Provider& provider) {
    const Settings settings(reading, entry, kAwsSection, provider);
    read_aws_keys(reading, settings, provider);
    AwsSettings& out = provider.aws;
    out.region =
        first_of({settings.text("region"), region_of_host(host), variable(reading, "AWS_REGION"),
                  variable(reading, "AWS_DEFAULT_REGION")});
    if (const Node betas = settings.at("betas"); betas && !betas.is_null())
        out.betas = fmt::format("{}", fmt::join(list_of(reading, betas, "aws.betas"), ","));
    if (out.region.empty()) {
        break_with(provider, reading.report.error(
                                 "provider-incomplete", provider.place,
                                 fmt::format("provider {} has no AWS region; add \"aws\": "
                                             "{{\"region\": \"us-east-1\"}}, or export AWS_REGION",
                                             provider.name)));
    } else if (provider.base_url.empty()) {
        provider.base_url = bedrock_url(out.region);
    }
}

void read_azure(const Reading& reading, const Node& entry, Provider& provider) {
    const Settings settings(reading, entry, kAzureSection, provider);
    provider.azure.deployment = settings.text("deployment");
    provider.azure.api_version = settings.text("apiversion");
}

}  // namespace

void read_platform(const Reading& reading, const Node& entry, Provider& provider) {
    const auto url = parse_url(provider.base_url);
    const std::string host = url ? url->host : "";
    provider.platform = platform_of(entry, provider, host);
    if (provider.platform == Platform::vertex) read_vertex(reading, entry, host, provider);
    if (provider.platform == Platform::bedrock) read_aws(reading, entry, host, provider);
    if (provider.platform == Platform::azure) read_azure(reading, entry, provider);
}

std::optional<Protocol> platform_wire(const Provider& provider) {
    if (provider.platform == Platform::bedrock) return Protocol::anthropic;
    if (provider.platform != Platform::vertex) return std::nullopt;
    const bool claude = std::ranges::all_of(
        provider.models, [](const std::string& model) { return model.starts_with("claude"); });
    const bool named = provider.base_url.find("/publishers/anthropic") != std::string::npos;
    return named || (claude && !provider.models.empty()) ? Protocol::anthropic : Protocol::gemini;
}

std::vector<std::string> platform_secrets(const Config& config) {
    std::vector<std::string> out;
    for (const Provider& provider : config.providers) {
        if (provider.platform != Platform::bedrock) continue;
        for (const std::string* value :
             {&provider.api_key, &provider.aws.secret_access_key, &provider.aws.session_token}) {
            if (!value->empty()) out.push_back(*value);
        }
    }
    return out;
}

}  // namespace ccr::config
