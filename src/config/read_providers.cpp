#include <fmt/format.h>

#include <algorithm>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void break_with(Provider& provider, Finding finding) {
    if (!provider.broken) provider.broken = std::move(finding);
}

// "models" as people write it: names, objects with id or name, one text, or text with commas.
void read_models(const Reading& reading, const Node& entry, Provider& provider) {
    const Node node = entry.any_of({"models", "model"});
    std::vector<std::string> found;
    if (node.is_array()) {
        for (const Node& element : node.elements()) {
            const Node named =
                element.is_object() ? element.any_of({"id", "name", "model"}) : element;
            const auto text = named.text();
            const std::string model(trimmed(text.value_or("")));
            if (model.empty()) {
                reading.report.warn(
                    "wrong-type", element.place(),
                    fmt::format(
                        "a model of provider {} should be a name in quotes but is {}; it is "
                        "ignored",
                        provider.name, element.kind()));
                continue;
            }
            if (model.find(',') != std::string::npos) {
                reading.report.warn(
                    "model-comma", element.place(),
                    fmt::format(
                        "the model name \"{}\" of provider {} has a comma in it; if these are "
                        "several models, give each its own quotes",
                        model, provider.name));
            }
            found.push_back(model);
        }
    } else {
        found = list_of(reading, node, fmt::format("models of provider {}", provider.name));
    }
    for (std::string& model : found) {
        if (std::ranges::find(provider.models, model) == provider.models.end()) {
            provider.models.push_back(std::move(model));
        }
    }
}

bool is_local(const std::string& base_url) {
    const auto url = parse_url(base_url);
    return url && (is_loopback(url->host) || is_unspecified(url->host));
}

// What may hold the key, or several.
Node key_node(const Node& entry) {
    const Node several = entry.any_of({"apikeys"});
    return several.is_blank() ? entry.any_of({"apikey", "key"}) : several;
}

// Whether the key comes from somewhere else; it is fetched when it is needed.
bool read_key_source(const Reading& reading, const Node& entry, Provider& provider) {
    const std::string of = " of provider " + provider.name;
    provider.key_command = trimmed(
        text_of(reading, entry.any_of({"apikeycommand"}), "the api_key_command" + of).value_or(""));
    provider.key_file = with_home(
        std::string(trimmed(
            text_of(reading, entry.any_of({"apikeyfile"}), "the api_key_file" + of).value_or(""))),
        reading.environment);
    return !provider.key_command.empty() || !provider.key_file.empty();
}

void read_key(const Reading& reading, const Node& entry, Provider& provider) {
    if (read_key_source(reading, entry, provider)) return;
    const Node node = key_node(entry);
    const std::string title = fmt::format("the api_key of provider {}", provider.name);
    if (!needs_key(provider)) return;
    if (!node.is_blank() && !node.is_array())
        provider.api_key = trimmed(text_of(reading, node, title).value_or(""));
    if (!node.unresolved().empty()) {
        const std::string& name = node.unresolved().front();
        break_with(
            provider,
            reading.report.error(
                "unresolved-variable", node.place(),
                fmt::format("{} names the variable {}, which is not set; export {}=... before the "
                            "start",
                            title, name, name)));
    } else if (is_lower_case_reference(provider.api_key)) {
        break_with(
            provider,
            reading.report.error(
                "unresolved-variable", node.place(),
                fmt::format("{} looks like a variable, but a name with small letters needs braces; "
                            "write ${{{}}}",
                            title, provider.api_key.substr(1))));
    } else if (provider.api_key.empty() && is_local(provider.base_url)) {
        reading.report.note(
            "no-api-key", provider.place,
            fmt::format("provider {} has no api_key; no credential is sent to this local server",
                        provider.name));
    } else if (provider.api_key.empty()) {
        break_with(
            provider,
            reading.report.error(
                "provider-incomplete", node ? node.place() : provider.place,
                fmt::format("provider {} has no api_key; add \"api_key\": \"$NAME_OF_A_VARIABLE\"",
                            provider.name)));
    }
}

void read_name(const Reading& reading, const Node& entry, const std::string& key, std::size_t index,
               Provider& provider) {
    const Node node = entry.any_of({"name"});
    provider.name = trimmed(text_of(reading, node, "the name of a provider").value_or(key));
    if (provider.name.empty()) {
        provider.name = fmt::format("unnamed-{}", index + 1);
        break_with(
            provider,
            reading.report.error(
                "provider-incomplete", provider.place,
                fmt::format("provider number {} has no name; add \"name\": \"...\"", index + 1)));
    } else if (provider.name.find(',') != std::string::npos) {
        break_with(
            provider,
            reading.report.error(
                "invalid-value", node.place(),
                fmt::format("the provider name \"{}\" has a comma in it, so that no route can name "
                            "it; take the comma out",
                            provider.name)));
    }
}

void read_url(const Reading& reading, const Node& entry, Config& config, Provider& provider) {
    const Node node = entry.any_of({"apibaseurl", "baseurl", "host", "url"});
    provider.base_url = trimmed(
        text_of(reading, node, fmt::format("the URL of provider {}", provider.name)).value_or(""));
    read_preset(reading, entry, provider);
    read_platform(reading, entry, provider);
    const bool has_host_of_its_own =
        provider.platform == Platform::vertex || provider.platform == Platform::bedrock;
    if (provider.base_url.empty() && !has_host_of_its_own) {
        break_with(provider,
                   reading.report.error("provider-incomplete", provider.place,
                                        fmt::format("provider {} has no URL; add \"api_base_url\": "
                                                    "\"https://.../chat/completions\"",
                                                    provider.name)));
    }
    check_provider_url(reading, node, config.listen, provider);
    read_auth(reading, entry, provider);
}

void find_key_files(const Reading& reading, const Config& config, Provider& provider) {
    if (!provider.key_file.empty())
        provider.key_file = absolute_path(provider.key_file, reading, config);
    for (Provider& one : provider.by_key) find_key_files(reading, config, one);
}

Provider read_provider(const Reading& reading, const Node& entry, const std::string& key,
                       std::size_t index, Config& config) {
    Provider provider;
    provider.place = entry.place();
    check_names(entry, kProviderSection, reading.report);
    read_name(reading, entry, key, index, provider);
    read_models(reading, entry, provider);
    read_transformers(reading, entry, config, provider);
    read_url(reading, entry, config, provider);
    std::vector<ApiKey> keys;
    if (const Node list = key_node(entry); list.is_array())
        keys = read_key_list(reading, list, config.listen, provider.name);
    if (keys.empty())
        read_key(reading, entry, provider);
    else
        provider.api_key = keys.front().value;
    read_overrides(reading, entry, provider);
    read_tokenizers(reading, entry, provider);
    provider.timeouts = read_timeouts(reading, entry.any_of({"timeouts"}));
    provider.http2 = flag_of(reading, entry.any_of({"http2"}), "http2").value_or(false);
    provider.proxy =
        read_proxy(reading, entry.any_of({"proxy"}),
                   fmt::format("the proxy of provider {}", provider.name), config.listen);
    provider.retry = read_retry(reading, entry.any_of({"retry"}));
    provider.continue_midstream =
        flag_of(reading, entry.any_of({"continuemidstream"}), "continue_midstream");
    read_provider_limit(reading, entry.any_of({"maxconcurrent"}), provider);
    expand_keys(provider, keys);
    find_key_files(reading, config, provider);
    return provider;
}

void keep(const Reading& reading, Provider provider, Config& config) {
    auto& providers = config.providers;
    const auto same = std::ranges::find(providers, provider.name, &Provider::name);
    if (same == providers.end()) {
        providers.push_back(std::move(provider));
        return;
    }
    reading.report.warn(
        "duplicate-provider", provider.place,
        fmt::format(
            "a provider named {} stands at {}:{} already; this later one counts, rename one "
            "of them",
            provider.name, same->place.line, same->place.column));
    *same = std::move(provider);
}

void read_entry(const Reading& reading, const Node& entry, const std::string& key,
                std::size_t index, Config& config) {
    if (!entry.is_object()) {
        reading.report.error(
            "wrong-type", entry.place(),
            fmt::format("provider number {} should be an object but is {}; it is ignored",
                        index + 1, entry.kind()));
        return;
    }
    if (flag_of(reading, entry.any_of({"enabled"}), "enabled") == false) {
        const std::string name = entry.any_of({"name"}).text().value_or(key);
        reading.report.note(
            "provider-disabled", entry.place(),
            fmt::format("provider {} is skipped because of \"enabled\": false", name));
        return;
    }
    keep(reading, read_provider(reading, entry, key, index, config), config);
}

}  // namespace

void read_providers(const Reading& reading, Config& config) {
    Node node = reading.root["Providers"];  // wins over the other spellings, as in the reference
    if (node.is_blank()) node = reading.root.any_of({"providers"});
    std::size_t index = 0;
    if (node.is_array()) {
        for (const Node& entry : node.elements()) read_entry(reading, entry, "", index++, config);
    } else if (node.is_object()) {
        for (const auto& [key, entry] : node.members()) {
            if (!is_comment(key)) read_entry(reading, entry, key, index++, config);
        }
    } else if (node && !node.is_null()) {
        reading.report.error(
            "wrong-type", node.place(),
            fmt::format("Providers should be a list of objects but is {}; it is ignored",
                        node.kind()));
    }
    config.demo = config.providers.empty();
}

}  // namespace ccr::config
