// The table's part of providers: their entries, and all that stands in them.
#include "config/schema.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr Names kUrlNames = {"base_url", "url", "host"};
constexpr Names kKeyNames = {"key"};
constexpr Names kModelNames = {"model"};
constexpr Names kTransformerNames = {"transformers"};
constexpr Names kAuthKinds = {"bearer", "x-api-key", "query-key", "api-key",
                              "oauth",  "sigv4",     "google",    "none"};
constexpr Names kThinkingStyles = {"reasoning_effort", "thinking", "enable_thinking", "reasoning",
                                   "none"};
constexpr Names kTokenizerTypes = {"tiktoken", "huggingface", "api"};
constexpr Names kEncodings = {"cl100k_base", "o200k_base"};
constexpr Names kFormats = {"standard", "openai", "anthropic", "custom"};

constexpr std::string_view kLegacy = "without effect, as in version 2";

constexpr Key kProvider[] = {
    Key{"name", kText, "what routes call it"}.in_any_spelling(),
    Key{"preset", kText, "the name of what is known of it ([providers.md](providers.md))"}
        .usually("by its URL")
        .in_any_spelling()
        .ours(),
    Key{"api_base_url", kText, "the whole URL that requests go to; its end tells the protocol"}
        .usually("the preset's")
        .or_named(kUrlNames)
        .in_any_spelling(),
    Key{"api_key", kText | kTexts | kList, "its key, `$NAME` of a variable; or several"}
        .with(kApiKeySection)
        .or_named(kKeyNames)
        .in_any_spelling(),
    Key{"api_keys", kTexts | kList, "several keys, used in turn ([failover.md](failover.md))"}
        .with(kApiKeySection)
        .in_any_spelling()
        .ours(),
    Key{"api_key_command", kText, "a command that prints the key"}.in_any_spelling().ours(),
    Key{"api_key_file", kText, "a file that holds it"}.in_any_spelling().ours(),
    Key{"models", kTexts | kList, "the models that it is asked for"}
        .with(kModelSection)
        .or_named(kModelNames)
        .in_any_spelling(),
    Key{"transformer", kObject | kUses,
        "what is changed on the way ([compatibility.md](compatibility.md))"}
        .with(kTransformerSection)
        .or_named(kTransformerNames)
        .in_any_spelling(),
    Key{"traits", kObject, "what its models take and cost, over the preset"}
        .with(kTraitSection)
        .in_any_spelling()
        .ours(),
    Key{"patch", kObject | kList, "edits of its requests"}
        .with(kPatchSection)
        .in_any_spelling()
        .ours(),
    Key{"tokenizer", kObject, "what counts its tokens"}
        .usually("by the model's name")
        .with(kTokenizerSection)
        .in_any_spelling(),
    Key{"timeouts", kObject, "for it"}
        .usually("the general ones")
        .with(kTimeoutSection)
        .in_any_spelling()
        .ours(),
    Key{"retry", kObject, "for it"}
        .usually("the general one")
        .with(kRetrySection)
        .in_any_spelling()
        .ours(),
    Key{"continue_midstream", kFlag, "for it"}.usually("the general one").in_any_spelling().ours(),
    Key{"max_concurrent", kNumber, "requests under way to it; 0 = no limit"}
        .usually("`limits.per_provider`")
        .in_any_spelling()
        .within(0, 1e6)
        .ours(),
    Key{"proxy", kText, "the way to it"}.usually("`PROXY_URL`").in_any_spelling().ours(),
    Key{"http2", kFlag, "whether HTTP/2 is spoken"}.usually("`false`").in_any_spelling().ours(),
    Key{"auth", kWord, "how the key travels"}
        .usually("as the protocol has it")
        .of(kAuthKinds)
        .in_any_spelling()
        .in_any_case()
        .ours(),
    Key{"vertex", kObject, "it is Google's Vertex AI ([providers-cloud.md](providers-cloud.md))"}
        .with(kVertexSection)
        .in_any_spelling()
        .ours(),
    Key{"aws", kObject, "it is Amazon Bedrock"}.with(kAwsSection).in_any_spelling().ours(),
    Key{"azure", kObject, "it is Azure"}.with(kAzureSection).in_any_spelling().ours(),
    Key{"enabled", kFlag, "whether it is there"}.usually("`true`").in_any_spelling().ours(),
    Key{"id", kAny, kLegacy},
    Key{"type", kAny, kLegacy},
};

constexpr Key kModelEntry[] = {
    Key{"id", kText, "its name"}.in_any_spelling(),
    Key{"name", kText, "the same"}.in_any_spelling(),
    Key{"model", kText, "the same"}.in_any_spelling(),
};

constexpr Key kApiKey[] = {
    Key{"key", kText, "the key"}.ours(),
    Key{"command", kText, "a command that prints it"}.ours(),
    Key{"file", kText, "a file that holds it"}.ours(),
    Key{"weight", kNumber, "its share of the requests"}.usually("`1`").ours(),
    Key{"proxy", kText, "the way of its requests"}.usually("the provider's").ours(),
};

constexpr Key kModelUse =
    Key{"MODEL", kObject | kUses, "those of one model"}.with(kModelUseSection);
constexpr Key kTransformer[] = {
    Key{"use", kUses, "names, or `[\"name\", {options}]`"},
};
constexpr Key kModelUses[] = {
    Key{"use", kUses, "the same"},
};

constexpr Key kPatch[] = {
    Key{"set", kText, "a JSON pointer, `*` = every element: `value` is put there"}
        .in_any_spelling()
        .ours(),
    Key{"default", kText, "the same, where nothing is"}.in_any_spelling().ours(),
    Key{"delete", kText, "what is there is taken out"}.in_any_spelling().ours(),
    Key{"rename", kText, "what is there is called `to`"}.in_any_spelling().ours(),
    Key{"clamp", kText, "what is there is brought between `min` and `max`"}
        .in_any_spelling()
        .ours(),
    Key{"value", kAny, "of `set` and `default`"}.in_any_spelling().ours(),
    Key{"to", kText, "of `rename`"}.in_any_spelling().ours(),
    Key{"min", kNumber, "of `clamp`"}.in_any_spelling().ours(),
    Key{"max", kNumber, "of `clamp`"}.in_any_spelling().ours(),
    Key{"models", kTexts, "whose requests; patterns with `*`"}
        .usually("all")
        .or_named(kModelNames)
        .in_any_spelling()
        .ours(),
    Key{"when", kFree, "only where the member at this pointer has this value"}
        .in_any_spelling()
        .ours(),
};

constexpr Key kTraits[] = {
    Key{"context_window", kNumber, "in tokens"}.in_any_spelling().within(1, 1e12).ours(),
    Key{"max_output", kNumber, "in tokens"}.in_any_spelling().within(1, 1e12).ours(),
    Key{"vision", kFlag, "whether it sees images"}.in_any_spelling().ours(),
    Key{"thinking", kWord, "how it is told to think"}.of(kThinkingStyles).in_any_spelling().ours(),
    Key{"efforts", kTexts, "what an effort may be, weakest first"}.in_any_spelling().ours(),
    Key{"reasoning_field", kText, "thinking it wants back beside tool calls"}
        .in_any_spelling()
        .ours(),
    Key{"max_tokens_field", kText, "what the limit is called"}.in_any_spelling().ours(),
    Key{"text_tool_calls", kFlag, "it may write tool calls as text"}.in_any_spelling().ours(),
    Key{"media_urls", kFlag, "it loads images by URL itself"}.in_any_spelling().ours(),
    Key{"cache_marks", kFlag, "it takes marks of what to cache"}.in_any_spelling().ours(),
    Key{"cache_key", kFlag, "it takes the session as the cache's key"}.in_any_spelling().ours(),
    Key{"prices", kObject, "in US dollars for a million tokens"}
        .with(kPriceSection)
        .in_any_spelling()
        .ours(),
    Key{"models", kNamed, "the same for single models; patterns with `*`"}
        .with(kTraitSection)
        .in_any_spelling()
        .ours(),
};

constexpr Key kPrices[] = {
    Key{"input", kNumber, "of what is sent"}.ours(),
    Key{"output", kNumber, "of what is answered"}.ours(),
    Key{"cache_read", kNumber, "of what is read from a cache"}.usually("`input`").ours(),
    Key{"cache_write", kNumber, "of what is written to it"}.usually("`input`").ours(),
};

constexpr Key kVertex[] = {
    Key{"project", kText, "the project"}
        .usually("`GOOGLE_CLOUD_PROJECT`, or the credentials'")
        .in_any_spelling()
        .ours(),
    Key{"location", kText, "the region"}
        .usually("`GOOGLE_CLOUD_LOCATION`")
        .in_any_spelling()
        .ours(),
    Key{"credentials_file", kText, "a key's file"}
        .usually("`GOOGLE_APPLICATION_CREDENTIALS`, then gcloud's")
        .in_any_spelling()
        .ours(),
    Key{"metadata_host", kText, "the metadata server"}
        .usually("`GCE_METADATA_HOST`")
        .in_any_spelling()
        .ours(),
};

constexpr Key kAws[] = {
    Key{"region", kText, "the region"}.usually("`AWS_REGION`").in_any_spelling().ours(),
    Key{"access_key_id", kText, "one half of a key"}
        .usually("`AWS_ACCESS_KEY_ID`")
        .in_any_spelling()
        .ours(),
    Key{"secret_access_key", kText, "the other half"}
        .usually("`AWS_SECRET_ACCESS_KEY`")
        .in_any_spelling()
        .ours(),
    Key{"session_token", kText, "of a key that ends"}
        .usually("`AWS_SESSION_TOKEN`")
        .in_any_spelling()
        .ours(),
    Key{"profile", kText, "of the credentials' file"}
        .usually("`AWS_PROFILE`")
        .in_any_spelling()
        .ours(),
    Key{"credentials_file", kText, "that file"}
        .usually("`~/.aws/credentials`")
        .in_any_spelling()
        .ours(),
    Key{"betas", kTexts, "Anthropic's betas that are switched on"}.in_any_spelling().ours(),
};

constexpr Key kAzure[] = {
    Key{"deployment", kText, "the deployment"}.usually("the model's name").in_any_spelling().ours(),
    Key{"api_version", kText, "the version of the API"}.in_any_spelling().ours(),
};

constexpr Key kTokenizer[] = {
    Key{"default", kObject, "for models that have none of their own"}.with(kTokenizerChoiceSection),
    Key{"models", kNamed, "for single models"}.with(kTokenizerChoiceSection),
};

constexpr Key kChoice[] = {
    Key{"type", kWord, "what counts"}.of(kTokenizerTypes).in_any_case().in_any_spelling(),
    Key{"encoding", kWord, "of `tiktoken`"}
        .usually("`cl100k_base`")
        .of(kEncodings)
        .in_any_spelling(),
    Key{"model", kText, "of `huggingface`: its name there (`ccr tokens --fetch`)"}
        .in_any_spelling(),
    Key{"path", kText, "of `huggingface`: a tokenizer.json"}.in_any_spelling().ours(),
    Key{"url", kText, "of `api`: the server"}.usually("the provider's own").in_any_spelling(),
    Key{"apiKey", kText, "of `api`: its key"}.in_any_spelling(),
    Key{"requestFormat", kWord, "of `api`: what it is sent"}
        .usually("`standard`")
        .of(kFormats)
        .in_any_case()
        .in_any_spelling(),
    Key{"responseField", kText, "of `api`: where the number is"}
        .usually("`token_count`")
        .in_any_spelling(),
    Key{"headers", kFree, "of `api`"}.in_any_spelling(),
    Key{"fallback", kAny, kLegacy}.in_any_spelling(),
};

}  // namespace

const Section kProviderSection{"provider", "a provider", "Providers[]", kProvider};
const Section kModelSection{"model", "a model", "Providers[].models[]", kModelEntry};
const Section kApiKeySection{"api_key", "an entry of api_keys", "Providers[].api_keys[]", kApiKey};
const Section kTransformerSection{"transformer", "transformer", "Providers[].transformer",
                                  kTransformer, &kModelUse};
const Section kModelUseSection{"model_transformer", "a model's transformer",
                               "Providers[].transformer.MODEL", kModelUses};
const Section kPatchSection{"patch", "a patch", "Providers[].patch[], Router.rules[].patch[]",
                            kPatch};
const Section kTraitSection{"traits", "traits", "Providers[].traits", kTraits};
const Section kPriceSection{"prices", "prices", "Providers[].traits.prices", kPrices};
const Section kVertexSection{"vertex", "vertex", "Providers[].vertex", kVertex};
const Section kAwsSection{"aws", "aws", "Providers[].aws", kAws};
const Section kAzureSection{"azure", "azure", "Providers[].azure", kAzure};
const Section kTokenizerSection{"tokenizer", "tokenizer", "Providers[].tokenizer", kTokenizer};
const Section kTokenizerChoiceSection{"tokenizer_choice", "a tokenizer",
                                      "Providers[].tokenizer.default", kChoice};

}  // namespace ccr::config
