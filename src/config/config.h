// Config: one immutable, typed snapshot of the user's configuration file.
//
// Any thread: a snapshot never changes; a reload makes a new one. Held by shared_ptr<const Config>,
// so a request that started under one snapshot ends under it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/protocol.h"
#include "config/cloud.h"
#include "config/model_index.h"
#include "config/model_ref.h"
#include "config/preset.h"
#include "config/rules.h"
#include "config/token_speed.h"
#include "json/patch.h"
#include "net/tls_identity.h"

namespace ccr::config {

enum class Severity : std::uint8_t { note, warning, error };

/// One thing found while reading the configuration: what, where, and what to do about it.
struct Finding {
    Severity severity = Severity::warning;
    std::string code;  // stable: "unknown-key", "unresolved-variable", "self-reference", ...
    std::string file;
    Place place;
    std::string message;  // names the thing and the fix; never holds a secret
};
/// "config.json:12:7: warning: ..." as a terminal line.
std::string to_string(const Finding& finding);

/// Deadlines of an upstream call; an absent one falls back to the wider setting, then to the
/// default.
struct Timeouts {
    std::optional<std::chrono::milliseconds> connect, first_event, idle, total;
    std::optional<double> slowest;  // characters a second of an answer under way: min_chars_per_s
};

/// How often one target is tried again, and how patiently: `retry`. An absent value falls back to
/// the wider setting.
struct RetrySettings {
    std::optional<int> most;                             // tries after the first; 0 = none
    std::optional<std::chrono::milliseconds> base, cap;  // the first pause, and the longest
};

/// `hedge`: a second target for small requests whose first one lets them wait.
struct Hedging {
    std::chrono::milliseconds after{2000};  // after_ms: 0 = both at once
    std::int64_t most_tokens = 8000;        // max_input_tokens of a request that is small
    std::vector<std::string> scenarios = {"background"};
};

/// One transformer of a `use` list: its name and its options as JSON text ("" = none).
struct TransformerUse {
    std::string name;
    std::string options;
    Place place;
    bool is_script = false;  // of the user's, registered by a file of `transformers`
};

/// Model-level settings of a provider: `transformer["<model>"].use`.
struct ModelTransformers {
    std::string model;
    std::vector<TransformerUse> use;
};

/// One edit of `patch`, for all models or for those it names.
struct ProviderPatch {
    json::WirePatch patch;
    std::vector<std::string> models;  // names_model() patterns; empty = all
};

/// A server that counts tokens, of a tokenizer of type "api".
struct CountEndpoint {
    /// What it is sent, by the reference's names. `provider`: its own protocol's question.
    enum class Format : std::uint8_t { provider, standard, openai, anthropic, custom };
    Format format = Format::provider;
    std::string url;  // "" = the provider's own
    std::string api_key;
    std::string field = "token_count";  // of the answer; dots lead further down
    std::vector<std::pair<std::string, std::string>> headers;
};

/// `tokenizer` of a provider: what counts the tokens of a model.
struct TokenizerChoice {
    std::string model;     // "" = all that have none of their own
    std::string encoding;  // "cl100k_base", "o200k_base", or the path of a tokenizer.json; "" = api
    std::optional<CountEndpoint> endpoint = {};
};

/// How much is taken on at once: `limits`. 0 = no limit.
struct Limits {
    std::size_t per_client = 0;    // requests under way with one client key
    std::size_t per_provider = 0;  // and to one provider, unless it has its own number
    std::size_t queue = 256;       // that wait for a place, of each
    std::chrono::milliseconds queue_time{30'000};
    std::size_t buffered = std::size_t{1} << 30;  // bytes of request bodies held in memory
};

struct Provider {
    std::string name;
    std::string
        base_url;  // the complete request URL, as configured; of a platform its host or more
    std::string api_key;
    std::string key_command, key_file;  // where fetch_keys() has `api_key` from; "" = the file
    std::size_t key_number = 1;         // which of several keys `api_key` is, counted from 1
    double key_weight = 1;
    /// With several keys: this same provider with each of them, in order; else empty.
    std::vector<Provider> by_key;
    std::vector<std::string> models;
    Protocol speaks = Protocol::openai_chat;
    std::vector<TransformerUse> use;
    std::vector<ModelTransformers> model_use;
    const Preset* preset = nullptr;    // by name, else by URL; nullptr for a stranger
    std::vector<ProviderPatch> patch;  // applied last, in order
    Traits traits;                     // what the configuration itself says of all models
    std::vector<ModelTraits> model_traits;
    std::vector<ModelTraits> learned;  // from its own list of models
    std::vector<TokenizerChoice> tokenizers;
    Timeouts timeouts;
    RetrySettings retry;
    std::optional<bool> continue_midstream;    // unset: the general setting
    std::optional<std::size_t> most_requests;  // limits.per_provider of its own
    bool http2 = false;
    std::string proxy;         // "" = the global one
    std::optional<Auth> auth;  // unset: as the protocol itself has it
    Platform platform = Platform::direct;
    VertexSettings vertex;
    AwsSettings aws;
    AzureSettings azure;
    std::optional<Finding> broken;  // stays listed, answers with this
    Place place;
};

/// What counts as the user asking for more thought: `Router.thinkWhen`.
struct ThinkWhen {
    bool effort = true;   // an effort above the client's own default
    bool budget = true;   // a thinking budget other than the client's own
    bool plan = true;     // the client's plan mode
    bool keyword = true;  // one of `keywords` in what the user wrote last
    bool any = false;     // thinking is switched on at all, as in the reference
    std::vector<std::string> keywords = {"ultrathink"};
};

/// Media by address for targets that take none by it: `media_fetch`.
struct MediaFetch {
    bool enabled = true;
    std::vector<std::string>
        allowed_hosts;                   // "host", "host:port", "*.host": asked wherever they are
    std::size_t most_bytes = 10u << 20;  // of one file
    std::chrono::milliseconds time{15'000};  // for one file, with its redirects
};

/// What a script of the user's may use of the machine: by default all that the service may.
struct Permissions {
    bool everything = true;  // the rest means nothing then
    bool all_env = false, all_files = false;
    std::vector<std::string> env;    // variables by name, sorted
    std::vector<std::string> files;  // absolute; with all that is below them, to read and to write
    bool network = false, processes = false;

    bool operator==(const Permissions&) const = default;
};

/// A file of `transformers`.
struct ScriptFile {
    std::string file;     // absolute
    std::string options;  // JSON text, "" = none
    Permissions permissions;
};

/// The user's JavaScript: what runs it, and how long it may take.
struct Scripts {
    std::string node;           // NODE_PATH_BINARY; "" = found on PATH
    std::string custom_router;  // CUSTOM_ROUTER_PATH, absolute; "" = none
    Permissions router_permissions;
    std::vector<ScriptFile> transformers;
    std::chrono::milliseconds router_time{1000};
    std::chrono::milliseconds transform_time{30'000};  // of a request; an answer has its deadlines
    std::size_t memory_mb = 1024;                      // of the process that runs them
    bool skip_failed = false;  // scripts.on_failure: a request goes on without what fails
};

/// How far a conversation stays where its prompt cache is: `Router.stickiness`.
enum class Stickiness : std::uint8_t { off, prefer, strict };

struct Routing {
    std::optional<ModelRef> fallback_default;  // Router.default
    std::optional<ModelRef> background, think, long_context, web_search, image;
    std::int64_t long_context_threshold = 60'000;  // tokens
    std::int64_t long_context_minimum = 20'000;    // enough once the session has been over it
    std::vector<std::pair<std::string, std::vector<ModelRef>>> fallback;  // by scenario name
    std::vector<ModelName> models;  // aliases, wildcards and slots, in order
    std::vector<Rule> rules;        // the user's own, in order
    ThinkWhen think_when;
    Stickiness stickiness = Stickiness::prefer;
    bool force_image_agent = false;  // forceUseImageAgent: the usual models see no image at all
    bool show_reasons = false;       // response headers without being asked
};

struct Access {
    std::string api_key;                       // "" = none asked
    std::vector<std::string> allowed_hosts;    // ALLOWED_HOSTS
    std::vector<std::string> allowed_origins;  // ALLOWED_ORIGINS
};

/// A listener that speaks TLS, beside the plain one: `TLS`.
struct TlsListen {
    std::string host;  // effective: loopback when neither a key nor a certificate is asked for
    std::uint16_t port = 3443;
    net::TlsFiles files;
    bool operator==(const TlsListen&) const = default;
};

struct Listen {
    std::string host = "127.0.0.1";  // effective: loopback whenever there is no APIKEY
    std::string asked_host;          // HOST as configured
    std::uint16_t port = 3456;
    std::string unix_path;  // UNIX_SOCKET, listened on as well; "" = none
    std::optional<TlsListen> tls;
    std::optional<TlsListen> unusable_tls;  // asked for, but its files are not to be used
};

struct Logging {
    bool to_file = true;
    std::string level = "info";
};

struct Launch {  // what `ccr code` needs
    std::string claude_path = "claude";
    bool non_interactive = false;
    std::string api_timeout_ms = "600000";
    std::string status_line;  // StatusLine as JSON text, "" = none
    bool status_line_enabled = false;
};

struct Config {
    std::string file;               // path it is read from (need not exist: demo), "" = built in
    std::uint64_t fingerprint = 0;  // of the file's bytes, 0 = there is no file
    Listen listen;
    Access access;
    Logging logging;
    Launch launch;
    std::vector<Provider> providers;
    Routing routing;
    Timeouts timeouts;             // effective defaults; first_event and idle from API_TIMEOUT_MS
    RetrySettings retry;           // effective defaults
    std::optional<Hedging> hedge;  // unset: one target at a time
    bool continue_midstream = false;    // another target goes on where an answer broke off
    std::string rewrite_system_prompt;  // REWRITE_SYSTEM_PROMPT, a file's path; "" = none
    std::string proxy;                  // PROXY_URL and its spellings; "" = environment
    std::size_t body_limit = 64u << 20;
    MediaFetch media_fetch;
    Scripts scripts;
    TokenSpeed token_speed;
    Limits limits;
    std::chrono::milliseconds drain{10'000};  // drain_ms: for running requests at the end
    std::vector<Finding> findings;
    std::vector<std::string> secrets;  // every key in the file, for the redactor
    std::string json;   // the whole file after interpolation, as plain JSON, for scripts
    bool demo = false;  // no usable providers: the embedded demo answers

    /// Exact or case-insensitive by name; nullptr when there is none.
    const Provider* find_provider(std::string_view name) const;

    /// The provider that lists a model of this name, and the model as it is spelled there.
    std::optional<ModelRef> find_model(std::string_view model) const;
    /// What find_model() looks into; called when `providers` is complete.
    void index_models() { model_index = ModelIndex(providers); }
    ModelIndex model_index;
};

using ConfigPtr = std::shared_ptr<const Config>;

/// What is known of a model at a provider: the preset, overlaid by the configuration.
Traits traits_of(const Provider& provider, std::string_view model);

/// The wire that a provider without an explicit one speaks, from the end of its URL:
/// /messages = anthropic, /responses = openai_responses, /models/ = gemini, else openai_chat.
Protocol protocol_of_url(std::string_view url);

}  // namespace ccr::config
