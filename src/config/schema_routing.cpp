// The table's part of routing: Router, its rules, fallback.
#include "config/schema.h"

namespace ccr::config {
namespace {

using Names = std::string_view[];

constexpr double kMostTokens = 1e12;

constexpr Names kThinkWords = {"effort", "budget", "plan", "keyword", "any"};
constexpr Names kStickiness = {"off", "prefer", "strict"};

constexpr Key kNamedModel = Key{"NAME", kModel, "a name for a model"}.ours();
constexpr Key kRouter[] = {
    Key{"default", kModel, "where all goes that nothing else holds for"}
        .usually("the first provider's first model")
        .in_any_spelling(),
    Key{"background", kModel, "small models' requests, and those for a session's title"}
        .in_any_spelling(),
    Key{"think", kModel, "requests for more thought than usual"}.in_any_spelling(),
    Key{"longContext", kModel, "requests of more than `longContextThreshold` tokens"}
        .in_any_spelling(),
    Key{"longContextThreshold", kNumber, "in tokens"}.usually("`60000`").in_any_spelling().within(
        0, kMostTokens),
    Key{"longContextMinimum", kNumber, "enough once the session has been over the threshold"}
        .usually("`20000`")
        .in_any_spelling()
        .within(0, kMostTokens)
        .ours(),
    Key{"webSearch", kModel, "requests that are nothing but a search"}.in_any_spelling(),
    Key{"image", kModel, "requests whose last turn has an image"}.in_any_spelling(),
    Key{"models", kObject,
        "names of your own for models: aliases, wildcards, the slots `opus`, `sonnet`, `haiku`"}
        .with(kAliasSection)
        .in_any_spelling()
        .ours(),
    Key{"rules", kList, "your own rules, asked in order"}
        .with(kRuleSection)
        .in_any_spelling()
        .ours(),
    Key{"thinkWhen", kWords, "what counts as being asked to think"}
        .of(kThinkWords)
        .in_any_case()
        .usually("`[\"effort\", \"budget\", \"plan\", \"keyword\"]`")
        .in_any_spelling()
        .ours(),
    Key{"thinkKeywords", kTexts, "the words of `keyword`"}
        .usually("`[\"ultrathink\"]`")
        .in_any_spelling()
        .ours(),
    Key{"stickiness", kWord, "how far a conversation stays where its prompt cache is"}
        .of(kStickiness)
        .in_any_case()
        .usually("`prefer`")
        .in_any_spelling()
        .ours(),
    Key{"reasons", kFlag, "answers carry headers that tell why"}
        .usually("`false`")
        .in_any_spelling()
        .ours(),
    Key{"custom", kAny, "without effect, as in version 2"},
};

constexpr Key kRules[] = {
    Key{"name", kText, "for reasons and logs"}.ours(),
    Key{"when", kObject, "what the request must be; all of it"}
        .usually("every request")
        .with(kConditionSection)
        .ours(),
    Key{"use", kModel, "where it goes"}.ours(),
    Key{"fallback", kModels, "where it goes when that fails"}.ours(),
    Key{"patch", kObject | kList, "edits of the request"}.with(kPatchSection).ours(),
    Key{"deny", kText | kFixed, "it is refused, with this message"}.ours(),
};

constexpr Key kConditions[] = {
    Key{"model", kTexts, "as the client named it; patterns with `*`"}.ours(),
    Key{"scenario", kWords, "that routing found"}.of(kScenarioNames).in_any_case().ours(),
    Key{"effort", kTexts, "`none` to `max`, or `>=high`"}.ours(),
    Key{"client", kTexts, "`claude-code`, `codex`, `gemini-cli`, `opencode`, or a protocol"}.ours(),
    Key{"tool", kTexts, "a name or a type that is offered: `mcp__*`"}.ours(),
    Key{"project", kTexts, "the client's name of the project's folder"}.ours(),
    Key{"session", kTexts, "the session's id"}.ours(),
    Key{"text", kTexts, "found in what the user wrote last"}.ours(),
    Key{"system", kTexts, "found in the instructions"}.ours(),
    Key{"headers", kFree, "`{\"x-team\": \"blue*\"}`"}.ours(),
    Key{"tokens_over", kNumber, "in tokens"}.within(0, kMostTokens).ours(),
    Key{"tokens_under", kNumber, "in tokens"}.within(0, kMostTokens).ours(),
    Key{"images", kFixed, "whether it has some"}.ours(),
    Key{"subagent", kFixed, "whether a subagent asks"}.ours(),
    Key{"time", kTexts, "`22:00-06:00`, `mon-fri 09:00-17:30`"}.ours(),
};

constexpr Key kFallback[] = {
    Key{"default", kModels, "for requests of `default`"}.in_any_spelling(),
    Key{"background", kModels, "for those of `background`"}.in_any_spelling(),
    Key{"think", kModels, "for those of `think`"}.in_any_spelling(),
    Key{"longContext", kModels, "for those of `longContext`"}.in_any_spelling(),
    Key{"webSearch", kModels, "for those of `webSearch`"}.in_any_spelling(),
    Key{"image", kModels, "for those of `image`"}.in_any_spelling(),
};

}  // namespace

const Section kRouterSection{"Router", "Router", "Router", kRouter};
const Section kAliasSection{"models", "Router.models", "Router.models", {}, &kNamedModel};
const Section kRuleSection{"rule", "a rule", "Router.rules[]", kRules};
const Section kConditionSection{"when", "when", "Router.rules[].when", kConditions};
const Section kFallbackSection{"fallback", "fallback", "fallback", kFallback};

}  // namespace ccr::config
