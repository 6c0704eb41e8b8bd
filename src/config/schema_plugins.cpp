// The table's part of plugins: token-speed and its output handlers.
#include "config/schema.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr double kLongest = 2'147'483'647;  // ms

constexpr Names kPluginNames = {"token-speed"};
constexpr Names kTypes = {"console", "temp-file", "webhook"};
// These two in the order of their enumerations: the reader goes by a word's number.
constexpr Names kFormats = {"json", "text", "markdown"};
constexpr Names kConsoleLevels = {"log", "info", "warn", "error", "debug"};
constexpr Names kMethods = {"POST", "PUT", "PATCH"};
constexpr Names kWebhookAuths = {"bearer", "basic", "custom"};

constexpr Key kPlugin[] = {
    Key{"name", kWord, "which one"}.of(kPluginNames),
    Key{"enabled", kFlag, "whether it is on"}.usually("`false`"),
    Key{"options", kObject, "its own"}.with(kTokenSpeedSection),
};

constexpr Key kTokenSpeed[] = {
    Key{"reporter", kWords, "the types of handlers that are told"}.of(kTypes).usually(
        "`[\"console\", \"temp-file\"]`"),
    Key{"outputHandlers", kList, "the handlers"}
        .usually("`[{type: \"temp-file\"}]`")
        .with(kOutputHandlerSection),
    Key{"outputOptions", kObject, "the form of what they are told"}.with(kOutputOptionSection),
};

constexpr Key kOutputOptions[] = {
    Key{"format", kWord, "of the console"}.of(kFormats).usually("`json`"),
    Key{"timestamp", kFlag, "whether the time is told"}.usually("`true`"),
    Key{"metadata", kFree, "told along with the session's and the request's ids"},
    Key{"timeout", kNumber, "milliseconds for an attempt at a webhook"}.usually("`30000`").within(
        1, kLongest),
    Key{"prefix", kText, "without effect, as in version 2: the plugin says its own"},
};

constexpr const Section* kHandlerParts[] = {&kConsoleSection, &kTempFileSection, &kWebhookSection};

// What `config` holds depends on the type beside it; a handler's keys do not overlap.
constexpr Key kHandler[] = {
    Key{"type", kWord, "what it is"}.of(kTypes),
    Key{"enabled", kFlag, "whether it is on"}.usually("`true`"),
    Key{"config", kObject, "of a `console`, `temp-file` or `webhook`"}.with_parts(kHandlerParts),
};

constexpr Key kConsole[] = {
    Key{"colors", kFlag, "on a terminal"}.usually("`true`"),
    Key{"level", kWord, "`warn` and `error` go to standard error"}
        .of(kConsoleLevels)
        .usually("`log`"),
};

constexpr Key kTempFile[] = {
    Key{"subdirectory", kText, "of the directory for temporary files"}.usually(
        "`claude-code-router`"),
    Key{"prefix", kText, "of the file's name"}.usually("`session`"),
    Key{"extension", kText, "of the file's name"}.usually("`json`"),
    Key{"includeTimestamp", kFlag, "a file for each answer"}.usually("`false`"),
};

constexpr Key kWebhook[] = {
    Key{"url", kText, "where records are sent"},
    Key{"method", kWord, "how"}.of(kMethods).in_any_case().usually("`POST`"),
    Key{"headers", kFree, "further headers"},
    Key{"auth", kObject, "its credential"}.with(kWebhookAuthSection),
    Key{"retry", kObject, "how often a record is sent again"}.with(kWebhookRetrySection),
    Key{"silent", kFlag, "what is not delivered is not logged"}.usually("`false`"),
};

constexpr Key kWebhookAuth[] = {
    Key{"type", kWord, "its kind"}.of(kWebhookAuths),
    Key{"token", kText, "of `bearer`"},
    Key{"username", kText, "of `basic`"},
    Key{"password", kText, "of `basic`"},
    Key{"header", kText, "of `custom`: the header's name"},
    Key{"value", kText, "of `custom`: its value"},
};

constexpr Key kWebhookRetry[] = {
    Key{"maxAttempts", kNumber, "in all"}.usually("`3`").within(1, 20),
    Key{"backoffMs", kNumber, "before the second; doubled before each more"}
        .usually("`1000`")
        .within(1, kLongest),
};

}  // namespace

const Section kPluginSection{"plugin", "an entry of plugins", "plugins[]", kPlugin};
const Section kTokenSpeedSection{"token-speed", "token-speed's options", "plugins[].options",
                                 kTokenSpeed};
const Section kOutputOptionSection{"outputOptions", "outputOptions",
                                   "plugins[].options.outputOptions", kOutputOptions};
const Section kOutputHandlerSection{"outputHandler", "an output handler",
                                    "plugins[].options.outputHandlers[]", kHandler};
const Section kConsoleSection{"console", "a console handler's config",
                              "config of a console handler", kConsole};
const Section kTempFileSection{"temp-file", "a temp-file handler's config",
                               "config of a temp-file handler", kTempFile};
const Section kWebhookSection{"webhook", "a webhook's config", "config of a webhook", kWebhook};
const Section kWebhookAuthSection{"webhook_auth", "a webhook's auth", "config of a webhook: auth",
                                  kWebhookAuth};
const Section kWebhookRetrySection{"webhook_retry", "a webhook's retry",
                                   "config of a webhook: retry", kWebhookRetry};

}  // namespace ccr::config
