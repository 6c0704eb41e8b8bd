// The steps of parse_config: each reads one part of the file into the snapshot and reports what it
// finds. All of them run on the caller's thread, once per snapshot.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/loader.h"
#include "config/node.h"
#include "config/report.h"

namespace ccr::config {

/// What every step may look at.
struct Reading {
    Node root;
    const Environment& environment;
    Report& report;
};

/// HOST, PORT, SERVICE_PORT, UNIX_SOCKET, APIKEY, ALLOWED_HOSTS, ALLOWED_ORIGINS.
void read_listen(const Reading& reading, Config& config);
/// How findings end that leave TLS out; not true of a listener that runs already.
inline constexpr std::string_view kTlsNotListened = "TLS is not listened on";
/// TLS; a listener whose files cannot be used is left out, with a finding. After read_listen.
void read_tls(const Reading& reading, Config& config);
/// media_fetch.
void read_media_fetch(const Reading& reading, Config& config);
/// LOG, LOG_LEVEL, CLAUDE_PATH, NON_INTERACTIVE_MODE, StatusLine, MAX_BODY_MB,
/// REWRITE_SYSTEM_PROMPT.
void read_service(const Reading& reading, Config& config);
/// API_TIMEOUT_MS and the global "timeouts"; PROXY_URL and its spellings. After read_listen.
void read_upstream(const Reading& reading, Config& config);
/// "limits" and drain_ms.
void read_limits(const Reading& reading, Config& config);
/// "hedge".
void read_hedge(const Reading& reading, Config& config);
/// CUSTOM_ROUTER_PATH, transformers, NODE_PATH_BINARY, scripts.
void read_scripts(const Reading& reading, Config& config);
/// `permissions` of a script; nullopt where `node` is absent. What is not understood grants
/// nothing.
std::optional<Permissions> read_permissions(const Reading& reading, const Node& node,
                                            std::string_view name, const Config& config);
/// A path from the home or the configuration's own folder: whoever starts the service may stand
/// anywhere.
std::string absolute_path(const std::string& path, const Reading& reading, const Config& config);
/// "plugins".
void read_plugins(const Reading& reading, Config& config);
/// Instead of it, of a preset: what stands there has no effect.
void tell_plugins_of_preset(const Reading& reading);
/// An entry of the name token-speed.
TokenSpeed read_token_speed(const Reading& reading, const Node& entry);
/// `config` of a handler of the type webhook; nullopt, with a finding, when it cannot be used.
std::optional<WebhookOutput> read_webhook(const Reading& reading, const Node& node);
/// Credentials of webhooks, for the redactor.
std::vector<std::string> webhook_secrets(const Config& config);
/// provider.most_requests from "max_concurrent".
void read_provider_limit(const Reading& reading, const Node& node, Provider& provider);
/// Providers. After read_listen and read_upstream.
void read_providers(const Reading& reading, Config& config);
/// Router.models, into config.routing.models: those read last come first. Before all references.
void read_model_names(const Reading& reading, const Node& node, Config& config);
/// Router.rules, before those that are there already. A rule that is not understood is left out.
void read_rules(const Reading& reading, const Node& node, Config& config);
/// `when` of a rule; nullopt, with a finding, when not all of it is understood.
std::optional<Conditions> read_conditions(const Reading& reading, const Node& node,
                                          const std::string& of);
/// Router.thinkWhen and Router.thinkKeywords.
void read_think_when(const Reading& reading, const Node& router, ThinkWhen& out);
/// "provider,model", an alias of Router.models, or a model that one provider lists; checked against
/// the providers. nullopt when there is none, with a finding when there should be.
std::optional<ModelRef> read_model_ref(const Reading& reading, const Node& node,
                                       std::string_view name, const Config& config);
/// One edit; nullopt, with a finding, when it is not understood. `of`: "a patch of provider x".
std::optional<json::WirePatch> read_wire_patch(const Reading& reading, const Node& node,
                                               std::string_view of);
/// Router and fallback, checked against the providers. After read_providers.
void read_routing(const Reading& reading, Config& config);

/// The members connect_ms ... of a "timeouts" object; absent or wrong ones stay unset.
Timeouts read_timeouts(const Reading& reading, const Node& node);
/// The members max, base_ms and cap_ms of a "retry" object; absent or wrong ones stay unset.
RetrySettings read_retry(const Reading& reading, const Node& node);
/// One of several keys of a provider.
struct ApiKey {
    std::string value;          // "" = from one of these
    std::string command, file;  // fetched when it is needed
    double weight = 1;
    std::string proxy;  // "" = the provider's
};
/// `api_keys`, or a list in `api_key`; those that cannot be used are left out, with a finding.
std::vector<ApiKey> read_key_list(const Reading& reading, const Node& list, const Listen& own,
                                  const std::string& provider);
/// "$my_key": looks like a variable, but only $UPPER_CASE is one without braces.
bool is_lower_case_reference(std::string_view text);
/// provider.by_key, when there are several. Last, because each is a copy of the rest.
void expand_keys(Provider& provider, const std::vector<ApiKey>& keys);
/// A proxy URL, or "" with a finding when it is none or leads back to ccr.
std::string read_proxy(const Reading& reading, const Node& node, std::string_view name,
                       const Listen& own);
/// provider.platform and its settings. After read_transformers and the URL.
void read_platform(const Reading& reading, const Node& entry, Provider& provider);
/// provider.auth, from "auth" or as the platform has it. After check_provider_url.
void read_auth(const Reading& reading, const Node& entry, Provider& provider);
/// Whether requests cannot be made without an api_key.
bool needs_key(const Provider& provider);
/// The protocol of a platform's models where neither URL nor transformer says.
std::optional<Protocol> platform_wire(const Provider& provider);
/// Credentials that did not come from the file, for the redactor.
std::vector<std::string> platform_secrets(const Config& config);
/// provider.use, provider.model_use and provider.speaks from "transformer" (or its spellings).
void read_transformers(const Reading& reading, const Node& entry, const Config& config,
                       Provider& provider);
/// Whether provider.use has a transformer whose name begins so.
bool uses_transformer(const Provider& provider, std::string_view prefix);
/// `preset`, or the preset that the URL tells of; fills in the URL where none is configured.
void read_preset(const Reading& reading, const Node& entry, Provider& provider);
/// `patch` and `traits`.
void read_overrides(const Reading& reading, const Node& entry, Provider& provider);
/// provider.tokenizers from "tokenizer".
void read_tokenizers(const Reading& reading, const Node& entry, Provider& provider);
/// The provider's URL, its checks, and what it says about the wire.
void check_provider_url(const Reading& reading, const Node& url, const Listen& own,
                        Provider& provider);

/// Whether a connection to host:port ends at ccr itself.
bool leads_back(std::string_view host, std::uint16_t port, const Listen& own);

// Single values. A value of another kind is reported as "wrong-type" and counts as absent.
std::optional<std::string> text_of(const Reading& reading, const Node& node, std::string_view name);
/// true, false and their usual texts.
std::optional<bool> flag_of(const Reading& reading, const Node& node, std::string_view name);
/// A number or a numeric text.
std::optional<double> number_of(const Reading& reading, const Node& node, std::string_view name);
/// A list of texts, or one text with commas; trimmed, without empty ones.
std::vector<std::string> list_of(const Reading& reading, const Node& node, std::string_view name);
/// A duration in whole milliseconds, 1 ms to 24 days.
std::optional<std::chrono::milliseconds> milliseconds_of(const Reading& reading, const Node& node,
                                                         std::string_view name);
/// Whether this is a host name or an address, without scheme, port and path.
bool looks_like_address(std::string_view host);
/// A whole number from 0 to 65535; 0 asks the system for a free port.
std::optional<std::uint16_t> port_of(double number);
/// "~/x" with the home directory in place of "~".
std::string with_home(std::string path, const Environment& environment);

}  // namespace ccr::config
