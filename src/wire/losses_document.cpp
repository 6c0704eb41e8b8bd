#include "wire/losses_document.h"

#include <fmt/format.h>

#include <array>

#include "wire/codec.h"

namespace ccr::wire {
namespace {

constexpr std::string_view kIntroduction =
    R"x(# What gets lost between protocols

Made from the tables that the encoders record their losses from (`src/wire/*/losses.h`); a test compares.

A client and a provider of the same protocol exchange their own bytes, and nothing is lost. Where they speak different
ones, a request is translated, and what the provider's protocol has no place for is told: each loss of a request stands
in the application log, in the line of its attempt, with the place, the thing and the reason:

```
"losses":["turns.4: is_error (tool messages have no such member)"]
```

What a provider wants differently from its protocol ([providers.md](providers.md)), and what it has refused before
(`ccr lessons`), is told in the same place.
)x";

struct Name {
    Protocol protocol;
    std::string_view title;
    std::string_view examples;
};

constexpr auto kNames = std::to_array<Name>({
    {Protocol::anthropic, "Anthropic Messages", "Anthropic, Claude on Bedrock and Vertex AI"},
    {Protocol::openai_chat, "OpenAI Chat Completions", "most providers, and local servers"},
    {Protocol::openai_responses, "OpenAI Responses", "OpenAI, Azure OpenAI"},
    {Protocol::gemini, "Gemini", "Google's Gemini API, Gemini on Vertex AI"},
});

// Of answers: what the hub keeps of no protocol, or has no word for in another.
constexpr auto kAnswers = std::to_array<NotCarried>({
    {"further candidates", "agents read one answer", "the first"},
    {"log probabilities", "no two protocols count them alike", "left out"},
    {"citations, output of code that the provider ran", "known to its own protocol only",
     "the addresses of a web search, where the client's protocol has a place for them"},
    {"a provider's own reason to stop", "the client's protocol has fewer",
     "the nearest; a refusal stays a refusal, a cut stays a cut"},
    {"the stop sequence that was met", "known to Messages only", "the reason alone"},
    {"thinking", "only its maker can verify it",
     "shown to the client, and sent back to its maker when the client returns it"},
    {"tokens written to a cache", "counted by Messages only", "part of the input's tokens"},
});

void table(std::string& out, std::span<const NotCarried> rows) {
    out += "\n| what | in its place | why |\n|---|---|---|\n";
    for (const NotCarried& row : rows)
        out += fmt::format("| {} | {} | {} |\n", row.what, row.instead, row.why);
}

}  // namespace

std::string losses_document() {
    std::string out(kIntroduction);
    for (const Name& name : kNames) {
        out += fmt::format("\n## Requests to {}\n\nProviders: {}.\n", name.title, name.examples);
        table(out, codec_of(name.protocol)->not_carried);
    }
    out += "\n## Answers\n\nOf any provider, to a client of another protocol.\n";
    table(out, kAnswers);
    return out;
}

}  // namespace ccr::wire
