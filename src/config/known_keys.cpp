#include "config/known_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "config/nearest.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr Names kTopLevel = {
    "Providers", "providers", "PROVIDERS", "Router", "router", "ROUTER", "fallback", "Fallback",
    "HOST", "PORT", "PROXY_URL", "HTTPS_PROXY", "https_proxy", "httpsProxy", "API_TIMEOUT_MS",
    "timeouts", "retry", "hedge", "continue_midstream", "limits", "drain_ms", "media_fetch",
    "scripts", "LOG", "LOG_LEVEL", "NON_INTERACTIVE_MODE", "CLAUDE_PATH", "StatusLine",
    "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "transformers", "CUSTOM_ROUTER_PATH", "NODE_PATH_BINARY",
    "UNIX_SOCKET", "TLS", "MAX_BODY_MB", "forceUseImageAgent", "REWRITE_SYSTEM_PROMPT", "plugins",
    "Plugins", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS",
    // Without effect in the reference as well, but in its documentation and in many files.
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "ANTHROPIC_API_KEY",
    "ANTHROPIC_SMALL_FAST_MODEL"};
constexpr Names kTopLevelAnySpelling = {"apikey"};

constexpr Names kProvider = {"id", "type"};
constexpr Names kProviderAnySpelling = {"name",
                                        "apibaseurl",
                                        "baseurl",
                                        "host",
                                        "url",
                                        "apikey",
                                        "key",
                                        "models",
                                        "model",
                                        "transformer",
                                        "transformers",
                                        "timeouts",
                                        "http2",
                                        "proxy",
                                        "enabled",
                                        "auth",
                                        "vertex",
                                        "aws",
                                        "azure",
                                        "preset",
                                        "patch",
                                        "traits",
                                        "tokenizer",
                                        "retry",
                                        "apikeys",
                                        "maxconcurrent",
                                        "apikeycommand",
                                        "apikeyfile",
                                        "continuemidstream"};

constexpr Names kRouter = {"custom"};
constexpr Names kRouterAnySpelling = {
    "default",       "background", "think",      "longcontext", "longcontextthreshold",
    "websearch",     "image",      "models",     "rules",       "longcontextminimum",
    "thinkkeywords", "thinkwhen",  "stickiness", "reasons"};

constexpr Names kTimeouts = {"connect_ms", "first_event_ms", "idle_ms", "total_ms",
                             "min_chars_per_s"};

constexpr Names kRetry = {"max", "base_ms", "cap_ms"};
constexpr Names kMediaFetch = {"enabled", "allowed_hosts", "max_mb", "timeout_ms"};
constexpr Names kScripts = {"router_ms",   "transform_ms", "memory_mb",
                            "permissions", "on_failure",   "router_permissions"};
constexpr Names kPermissions = {"env", "files", "network", "processes"};
constexpr Names kLimits = {"per_client", "per_provider", "queue", "queue_ms", "buffered_mb"};
constexpr Names kApiKey = {"key", "command", "file", "weight", "proxy"};

constexpr Names kTls = {"cert", "key", "client_ca", "host", "port"};

constexpr Names kHedge = {"after_ms", "max_input_tokens", "scenarios"};

constexpr Names kPlugin = {"name", "enabled", "options"};
constexpr Names kTokenSpeed = {"reporter", "outputHandlers", "outputOptions"};
constexpr Names kOutputOption = {"format", "timestamp", "timeout", "metadata", "prefix"};
constexpr Names kOutputHandler = {"type", "enabled", "config"};
constexpr Names kConsole = {"colors", "level"};
constexpr Names kTempFile = {"subdirectory", "extension", "includeTimestamp", "prefix"};
constexpr Names kWebhook = {"url", "method", "headers", "auth", "retry", "silent"};
constexpr Names kWebhookAuth = {"type", "token", "username", "password", "header", "value"};
constexpr Names kWebhookRetry = {"maxAttempts", "backoffMs"};

constexpr Names kScenarios = {"default",     "background", "think",
                              "longContext", "webSearch",  "image"};

// How the folded names are written in the documentation.
constexpr Names kUsualSpellings = {"APIKEY",
                                   "name",
                                   "api_base_url",
                                   "api_key",
                                   "models",
                                   "transformer",
                                   "timeouts",
                                   "http2",
                                   "proxy",
                                   "enabled",
                                   "auth",
                                   "vertex",
                                   "aws",
                                   "azure",
                                   "preset",
                                   "patch",
                                   "traits",
                                   "tokenizer",
                                   "retry",
                                   "continue_midstream",
                                   "api_keys",
                                   "max_concurrent",
                                   "api_key_command",
                                   "api_key_file",
                                   "default",
                                   "background",
                                   "think",
                                   "longContext",
                                   "longContextThreshold",
                                   "webSearch",
                                   "image",
                                   "rules",
                                   "longContextMinimum",
                                   "thinkWhen",
                                   "thinkKeywords",
                                   "stickiness",
                                   "reasons"};

constexpr Vocabulary kTopLevelKeys{"the configuration", kTopLevel, kTopLevelAnySpelling, {}};
constexpr Vocabulary kProviderKeys{"a provider", kProvider, kProviderAnySpelling, {}};
constexpr Vocabulary kRouterKeys{"Router", kRouter, kRouterAnySpelling, {}};
constexpr Vocabulary kTimeoutKeys{"timeouts", kTimeouts, {}, {}};
constexpr Vocabulary kRetryKeys{"retry", kRetry, {}, {}};
constexpr Vocabulary kMediaFetchKeys{"media_fetch", kMediaFetch, {}, {}};
constexpr Vocabulary kScriptKeys{"scripts", kScripts, {}, {}};
constexpr Vocabulary kPermissionKeys{"permissions", kPermissions, {}, {}};
constexpr Vocabulary kLimitKeys{"limits", kLimits, {}, {}};
constexpr Vocabulary kTlsKeys{"TLS", kTls, {}, {}};
constexpr Vocabulary kHedgeKeys{"hedge", kHedge, {}, {}};
constexpr Vocabulary kPluginKeys{"an entry of plugins", kPlugin, {}, {}};
constexpr Vocabulary kTokenSpeedKeys{"token-speed's options", kTokenSpeed, {}, {}};
constexpr Vocabulary kOutputOptionKeys{"outputOptions", kOutputOption, {}, {}};
constexpr Vocabulary kOutputHandlerKeys{"an output handler", kOutputHandler, {}, {}};
constexpr Vocabulary kConsoleKeys{"a console handler's config", kConsole, {}, {}};
constexpr Vocabulary kTempFileKeys{"a temp-file handler's config", kTempFile, {}, {}};
constexpr Vocabulary kWebhookKeys{"a webhook's config", kWebhook, {}, {}};
constexpr Vocabulary kWebhookAuthKeys{"a webhook's auth", kWebhookAuth, {}, {}};
constexpr Vocabulary kWebhookRetryKeys{"a webhook's retry", kWebhookRetry, {}, {}};
constexpr Vocabulary kApiKeyKeys{"an entry of api_keys", kApiKey, {}, {}};

bool has(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

std::vector<std::string_view> suggestions(const Vocabulary& vocabulary) {
    std::vector<std::string_view> out(vocabulary.exact.begin(), vocabulary.exact.end());
    out.insert(out.end(), vocabulary.not_yet.begin(), vocabulary.not_yet.end());
    for (const std::string_view usual : kUsualSpellings) {
        if (has(vocabulary.any_spelling, folded(usual))) out.push_back(usual);
    }
    return out;
}

}  // namespace

const Vocabulary& top_level_keys() {
    return kTopLevelKeys;
}
const Vocabulary& provider_keys() {
    return kProviderKeys;
}
const Vocabulary& router_keys() {
    return kRouterKeys;
}
const Vocabulary& timeout_keys() {
    return kTimeoutKeys;
}
const Vocabulary& script_keys() {
    return kScriptKeys;
}
const Vocabulary& permission_keys() {
    return kPermissionKeys;
}
const Vocabulary& limit_keys() {
    return kLimitKeys;
}
const Vocabulary& retry_keys() {
    return kRetryKeys;
}
const Vocabulary& media_fetch_keys() {
    return kMediaFetchKeys;
}
const Vocabulary& api_key_keys() {
    return kApiKeyKeys;
}
const Vocabulary& tls_keys() {
    return kTlsKeys;
}
const Vocabulary& hedge_keys() {
    return kHedgeKeys;
}
const Vocabulary& plugin_keys() {
    return kPluginKeys;
}
const Vocabulary& token_speed_keys() {
    return kTokenSpeedKeys;
}
const Vocabulary& output_option_keys() {
    return kOutputOptionKeys;
}
const Vocabulary& output_handler_keys() {
    return kOutputHandlerKeys;
}
const Vocabulary& console_keys() {
    return kConsoleKeys;
}
const Vocabulary& temp_file_keys() {
    return kTempFileKeys;
}
const Vocabulary& webhook_keys() {
    return kWebhookKeys;
}
const Vocabulary& webhook_auth_keys() {
    return kWebhookAuthKeys;
}
const Vocabulary& webhook_retry_keys() {
    return kWebhookRetryKeys;
}
std::span<const std::string_view> scenario_names() {
    return kScenarios;
}

bool is_known(const Vocabulary& vocabulary, std::string_view name) {
    if (name.starts_with("//") || name.starts_with('_') || name.starts_with('#') ||
        name == "$schema") {
        return true;
    }
    return has(vocabulary.exact, name) || has(vocabulary.not_yet, name) ||
           has(vocabulary.any_spelling, folded(name));
}

void check_names(const Node& object, const Vocabulary& vocabulary, Report& report,
                 bool (*is_used)(const void*, const std::string&), const void* context) {
    for (const auto& [name, value] : object.members()) {
        if (has(vocabulary.not_yet, name) && !value.is_blank()) {
            report.note(
                "not-supported-yet", value.name_place(),
                fmt::format("{} is known but not supported yet in this version; it has no effect",
                            name));
        }
        if (is_known(vocabulary, name) || (is_used != nullptr && is_used(context, name))) continue;
        const std::string near =
            nearest(name, std::span<const std::string_view>(suggestions(vocabulary)));
        report.warn(
            "unknown-key", value.name_place(),
            fmt::format("\"{}\" is no key of {} and has no effect{}", name, vocabulary.of,
                        near.empty() ? "; remove it, or correct its name" : did_you_mean(near)));
    }
}

}  // namespace ccr::config
