// The table's part of the service itself: the top of the file, listening, limits, the log.
#include "config/schema.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr double kLongest = 2'147'483'647;  // ms

constexpr Names kPluginNames = {"Plugins"};
constexpr Names kProxyNames = {"HTTPS_PROXY", "https_proxy", "httpsProxy"};
constexpr Names kLevels = {"fatal", "error", "warn", "info", "debug", "trace", "silent"};
constexpr Names kOnFailure = {"fail", "skip"};

constexpr std::string_view kLegacy = "without effect, as in version 2";
constexpr std::string_view kGoogle = "for Vertex AI, where the provider does not say it itself";

constexpr Key kTop[] = {
    Key{"Providers", kList | kNamed, "where models are: a list, or an object by name"}
        .usually("the demo answers")
        .with(kProviderSection)
        .in_any_spelling(),
    Key{"Router", kObject, "which model a request goes to ([routing.md](routing.md))"}
        .with(kRouterSection)
        .in_any_spelling(),
    Key{"fallback", kObject,
        "by scenario: the targets that are tried when one fails ([failover.md](failover.md))"}
        .with(kFallbackSection)
        .in_any_spelling(),
    Key{"APIKEY", kText, "the key that clients present; needed to be reached from elsewhere"}
        .usually("none is asked for")
        .in_any_spelling(),
    Key{"HOST", kText, "the address that is listened on; others than this machine's need `APIKEY`"}
        .usually("`127.0.0.1`"),
    Key{"PORT", kNumber, "the port; the variable `SERVICE_PORT` and `--port` beat it"}
        .usually("`3456`")
        .within(0, 65535),
    Key{"UNIX_SOCKET", kText, "the path of a socket that is listened on too"}.ours(),
    Key{"TLS", kObject, "a listener that speaks TLS ([service.md](service.md))"}
        .with(kTlsSection)
        .ours(),
    Key{"ALLOWED_HOSTS", kTexts, "further names that the service may be called by"}.ours(),
    Key{"ALLOWED_ORIGINS", kTexts, "pages that may call it"}.ours(),
    Key{"MAX_BODY_MB", kNumber, "the largest request"}.usually("`64`").within(0, 4096).ours(),
    Key{"API_TIMEOUT_MS", kNumber, "patience with a silent provider, and the client's own"}
        .usually("`600000`")
        .within(1, kLongest),
    Key{"timeouts", kObject, "for all providers ([failover.md](failover.md))"}
        .with(kTimeoutSection)
        .ours(),
    Key{"retry", kObject, "how often a target is asked again"}.with(kRetrySection).ours(),
    Key{"hedge", kObject | kFlag,
        "a second target for small requests whose first one lets them wait"}
        .usually("`false`")
        .with(kHedgeSection)
        .ours(),
    Key{"continue_midstream", kFlag, "an answer that breaks off goes on at the next target"}
        .usually("`false`")
        .ours(),
    Key{"limits", kObject, "how much is taken on at once"}.with(kLimitSection).ours(),
    Key{"drain_ms", kNumber, "time for running requests at the end of the service"}
        .usually("`10000`")
        .within(1, kLongest)
        .ours(),
    Key{"media_fetch", kObject | kFlag,
        "images and documents by URL, for providers that take none ([media.md](media.md))"}
        .usually("`true`")
        .with(kMediaFetchSection)
        .ours(),
    Key{"PROXY_URL", kText, "the way to providers: `http://`, `https://` or `socks5://`"}
        .usually("the environment's rules")
        .or_named(kProxyNames),
    Key{"LOG", kFixed, "whether a log is written"}.usually("`true`"),
    Key{"LOG_LEVEL", kWord, "its least level"}.usually("`info`").of(kLevels).in_any_case(),
    Key{"transformers", kList | kTexts,
        "files of your own JavaScript ([extending.md](extending.md))"}
        .with(kScriptFileSection),
    Key{"CUSTOM_ROUTER_PATH", kText,
        "a script that chooses targets ([routing.md](routing.md#a-custom-router))"},
    Key{"scripts", kObject, "how long your scripts may take, and what they may use"}
        .with(kScriptSection)
        .ours(),
    Key{"NODE_PATH_BINARY", kText, "the Node that runs them"}.usually("`node` of `PATH`").ours(),
    Key{"REWRITE_SYSTEM_PROMPT", kText,
        "a file whose text takes the place of the client's instructions"},
    Key{"forceUseImageAgent", kFlag, "requests with an image in any turn go to `Router.image`"}
        .usually("`false`"),
    Key{"plugins", kList, "`token-speed` ([token-speed.md](token-speed.md))"}
        .with(kPluginSection)
        .or_named(kPluginNames),
    Key{"StatusLine", kObject, "the client's status line ([statusline.md](statusline.md))"}.with(
        kStatusLineSection),
    Key{"CLAUDE_PATH", kText, "the client that `ccr code` runs"}.usually("`claude`"),
    Key{"NON_INTERACTIVE_MODE", kFlag, "`ccr code` tells the client that nobody watches"}.usually(
        "`false`"),
    Key{"GOOGLE_CLOUD_PROJECT", kText, kGoogle},
    Key{"GOOGLE_CLOUD_LOCATION", kText, kGoogle},
    Key{"GOOGLE_APPLICATION_CREDENTIALS", kText, kGoogle},
    Key{"OPENAI_API_KEY", kAny, kLegacy},
    Key{"OPENAI_BASE_URL", kAny, kLegacy},
    Key{"OPENAI_MODEL", kAny, kLegacy},
    Key{"ANTHROPIC_API_KEY", kAny, kLegacy},
    Key{"ANTHROPIC_SMALL_FAST_MODEL", kAny, kLegacy},
};

constexpr Key kTimeouts[] = {
    Key{"connect_ms", kNumber, "to a connection"}.usually("`10000`").within(1, kLongest).ours(),
    Key{"first_event_ms", kNumber, "to the first content"}
        .usually("`API_TIMEOUT_MS`")
        .within(1, kLongest)
        .ours(),
    Key{"idle_ms", kNumber, "of silence in an answer"}
        .usually("`API_TIMEOUT_MS`")
        .within(1, kLongest)
        .ours(),
    Key{"total_ms", kNumber, "of the whole answer"}.within(1, kLongest).ours(),
    Key{"min_chars_per_s", kNumber, "an answer that is slower is given up"}.ours(),
};

constexpr Key kRetry[] = {
    Key{"max", kNumber, "tries after the first; 0 = none"}.usually("`2`").ours(),
    Key{"base_ms", kNumber, "the first pause"}.usually("`500`").within(1, kLongest).ours(),
    Key{"cap_ms", kNumber, "the longest pause"}.usually("`5000`").within(1, kLongest).ours(),
};

constexpr Key kHedge[] = {
    Key{"after_ms", kNumber, "how long the first target has; 0 = both at once"}
        .usually("`2000`")
        .within(0, kLongest)
        .ours(),
    Key{"max_input_tokens", kNumber, "of a request that is small"}
        .usually("`8000`")
        .within(1, 1e8)
        .ours(),
    Key{"scenarios", kWords, "whose requests"}
        .usually("`[\"background\"]`")
        .of(kScenarioNames)
        .in_any_case()
        .ours(),
};

constexpr Key kLimits[] = {
    Key{"per_client", kNumber, "requests under way with one client key; 0 = no limit"}
        .usually("`0`")
        .within(0, 1e6)
        .ours(),
    Key{"per_provider", kNumber, "to one provider; 0 = no limit"}
        .usually("`0`")
        .within(0, 1e6)
        .ours(),
    Key{"queue", kNumber, "that wait for a place, of each"}.usually("`256`").within(0, 1e6).ours(),
    Key{"queue_ms", kNumber, "how long they wait"}.usually("`30000`").within(1, kLongest).ours(),
    Key{"buffered_mb", kNumber, "of requests held in memory; 0 = no limit"}
        .usually("`1024`")
        .within(0, 1024 * 1024)
        .ours(),
};

constexpr Key kMediaFetch[] = {
    Key{"enabled", kFlag, "whether ccr loads them"}.usually("`true`").ours(),
    Key{"allowed_hosts", kTexts,
        "asked although they are in a private network: `host`, `host:port`, `*.host`"}
        .ours(),
    Key{"max_mb", kNumber, "the largest file"}.usually("`10`").within(0, 100).ours(),
    Key{"timeout_ms", kNumber, "for one file"}.usually("`15000`").within(1, kLongest).ours(),
};

constexpr Key kScripts[] = {
    Key{"router_ms", kNumber, "for the custom router"}.usually("`1000`").within(1, kLongest).ours(),
    Key{"transform_ms", kNumber, "for a request's transformers"}
        .usually("`30000`")
        .within(1, kLongest)
        .ours(),
    Key{"memory_mb", kNumber, "of the process that runs scripts"}
        .usually("`1024`")
        .within(32, 65536)
        .ours(),
    Key{"on_failure", kWord, "whether a request goes on without a script that failed"}
        .usually("`fail`")
        .of(kOnFailure)
        .ours(),
    Key{"permissions", kObject, "of scripts that have none of their own"}
        .usually("all")
        .with(kPermissionSection)
        .ours(),
    Key{"router_permissions", kObject, "of the custom router"}
        .usually("`permissions`")
        .with(kPermissionSection)
        .ours(),
};

constexpr Key kPermissions[] = {
    Key{"env", kTexts | kFixed, "variables; `true` = all"}.ours(),
    Key{"files", kTexts | kFixed, "paths with all below them; `true` = all"}.ours(),
    Key{"network", kFixed, "connections"}.usually("`false`").ours(),
    Key{"processes", kFixed, "other programs"}.usually("`false`").ours(),
};

// Version 2 takes a name and a type here, and makes nothing of them.
constexpr Key kScriptFiles[] = {
    Key{"path", kText, "the file; from the home with `~/`, else from the configuration's folder"},
    Key{"options", kFree | kAny, "what its constructor is given"},
    Key{"permissions", kObject, "what it may use"}
        .usually("`scripts.permissions`")
        .with(kPermissionSection)
        .ours(),
    Key{"name", kAny, kLegacy},
    Key{"type", kAny, kLegacy},
};

constexpr Key kTls[] = {
    Key{"cert", kText, "the certificate and its chain, a PEM file"}.ours(),
    Key{"key", kText, "its key, a PEM file"}.ours(),
    Key{"client_ca", kText, "clients show a certificate of these authorities"}.ours(),
    Key{"host", kText, "the address"}.usually("`0.0.0.0`, with a key or `client_ca`").ours(),
    Key{"port", kNumber, "the port"}.usually("`3443`").within(1, 65535).ours(),
};

constexpr Key kStyle = Key{"NAME", kObject, "a style"}.with(kStatusStyleSection);
constexpr Key kStatusLine[] = {
    Key{"enabled", kFlag, "whether `ccr code` sets it up"}.usually("`false`"),
    Key{"currentStyle", kText, "the style that is shown; `powerline` draws segments"}.usually(
        "`default`"),
    Key{"default", kObject, "the usual style"}.with(kStatusStyleSection),
    Key{"powerline", kObject, "the style with segments"}.with(kStatusStyleSection),
};
constexpr Key kStatusStyle[] = {
    Key{"modules", kList, "its parts, from left to right"}.with(kStatusModuleSection),
};
constexpr Key kStatusModules[] = {
    Key{"type", kText, "`script`, or any word"},
    Key{"icon", kText, "before the text"},
    Key{"text", kText, "with `{{variables}}`"},
    Key{"color", kText, "a name or `#rrggbb`"},
    Key{"background", kText, "the same, behind the text"},
    Key{"scriptPath", kText, "a file whose function says the text"},
    Key{"options", kAny, "what it is given"}.ours(),
};

}  // namespace

const Section kTopSection{"configuration", "the configuration", "", kTop};
const Section kTimeoutSection{"timeouts", "timeouts", "timeouts, Providers[].timeouts", kTimeouts};
const Section kRetrySection{"retry", "retry", "retry, Providers[].retry", kRetry};
const Section kHedgeSection{"hedge", "hedge", "hedge", kHedge};
const Section kLimitSection{"limits", "limits", "limits", kLimits};
const Section kMediaFetchSection{"media_fetch", "media_fetch", "media_fetch", kMediaFetch};
const Section kScriptSection{"scripts", "scripts", "scripts", kScripts};
const Section kPermissionSection{"permissions", "permissions", "permissions, router_permissions",
                                 kPermissions};
const Section kScriptFileSection{"script", "an entry of transformers", "transformers[]",
                                 kScriptFiles};
const Section kTlsSection{"TLS", "TLS", "TLS", kTls};
const Section kStatusLineSection{"StatusLine", "StatusLine", "StatusLine", kStatusLine, &kStyle};
const Section kStatusStyleSection{"style", "a style", "StatusLine.NAME", kStatusStyle};
const Section kStatusModuleSection{"module", "a module", "StatusLine.NAME.modules[]",
                                   kStatusModules};

}  // namespace ccr::config
