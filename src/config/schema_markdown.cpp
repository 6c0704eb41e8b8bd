// The reference for people: docs/configuration.md.
#include <fmt/format.h>

#include <cctype>
#include <vector>

#include "config/schema.h"
#include "config/schema_document.h"

namespace ccr::config {
namespace {

constexpr std::string_view kIntroduction = R"(# The configuration's keys

Made by `ccr config reference`; a test compares. The file is `~/.claude-code-router/config.json`, JSON5 (comments,
trailing commas); `ccr config check` tells what is odd about one, with line and column, and the nearest name of a
misspelt key. A text may name variables, `$NAME` or `${NAME}`, everywhere, and a number or `true` may stand in quotes
unless the table says otherwise. Keys that begin with `//`, `_` or `#` are comments. **v2** marks what
claude-code-router 2 has as well. What ends in `_ms` is in milliseconds.

**Editors** complete the file and check it by a JSON Schema: `docs/config.schema.json`, which `ccr config schema` prints.

    ccr config schema > ~/.claude-code-router/config.schema.json

`"$schema": "./config.schema.json"` at the top of config.json names it; VS Code and others look there. Or, in VS Code's
settings:

```json
"json.schemas": [{ "fileMatch": ["**/.claude-code-router/config.json"], "url": "/home/me/.claude-code-router/config.schema.json" }],
"files.associations": { "**/.claude-code-router/config.json": "jsonc" }
```

The second line lets comments be. The schema takes what ccr takes, other spellings and variables too; of a key that it
does not know it says nothing, but `ccr config check` does.
)";

// As GitHub makes it of a heading.
std::string anchor_of(const Section& section) {
    std::string out;
    for (const char c : section.where) {
        const auto letter = static_cast<unsigned char>(c);
        if (std::isalnum(letter) != 0 || c == '-' || c == '_')
            out += static_cast<char>(std::tolower(letter));
        else if (c == ' ')
            out += '-';
    }
    return out;
}

std::string link_to(const Section& section) {
    return fmt::format("[{}](#{})", section.of, anchor_of(section));
}

std::string words_of(const Key& key) {
    std::string out;
    for (const std::string_view word : key.words)
        out += fmt::format("{}`{}`", out.empty() ? "" : ", ", word);
    return out;
}

std::string object_of(const Key& key) {
    if (key.members) return link_to(*key.members);
    std::string out;
    for (const Section* part : key.parts)
        out += fmt::format("{}{}", out.empty() ? "" : ", ", link_to(*part));
    return out;
}

std::string takes_of(const Key& key) {
    std::vector<std::string> out;
    const auto add = [&](Takes takes, std::string text) {
        if (key.takes & takes) out.push_back(std::move(text));
    };
    add(kAny, "anything");
    add(kText, "text");
    add(kModel, "model");
    add(kNumber, "number");
    add(kFlag, "true, false");
    add(kFixed, "true, false (no quotes)");
    add(kWord, words_of(key));
    add(kTexts, "list of texts");
    add(kWords, fmt::format("list of {}", words_of(key)));
    add(kModels, "list of models");
    add(kUses, "list of names");
    add(kObject, object_of(key));
    add(kList, key.members ? "list: " + link_to(*key.members) : "");
    add(kNamed, key.members ? "by name: " + link_to(*key.members) : "");
    add(kFree, "object");
    return fmt::format("{}", fmt::join(out, "; "));
}

std::string names_in(const Key& key) {
    std::string out = fmt::format("`{}`", key.name);
    for (const std::string_view also : key.also) out += fmt::format(", `{}`", also);
    return out;
}

std::string row_of(const Key& key) {
    return fmt::format("| {} | {} | {} | {} | {} |\n", names_in(key), takes_of(key), key.usual,
                       key.about, key.is_ours ? "" : "✓");
}

// "" where every name is read as it stands.
std::string spelling_of(const Section& section) {
    std::vector<std::string> exact, any;
    for (const Key& key : section.keys)
        (key.any_spelling ? any : exact).push_back(fmt::format("`{}`", key.name));
    if (any.empty()) return "";
    if (exact.empty()) return "\nNames are read without case, `_` and `-`.\n";
    if (exact.size() < any.size())
        return fmt::format("\nNames are read without case, `_` and `-`, but for {}.\n",
                           fmt::join(exact, ", "));
    return fmt::format("\n{} are read without case, `_` and `-`; the others exactly.\n",
                       fmt::join(any, ", "));
}

std::string section_text(const Section& section) {
    std::string out = section.where.empty() ? std::string("\n## The top\n")
                                            : fmt::format("\n### {}\n", section.where);
    out += spelling_of(section);
    out += "\n| key | value | without it | meaning | v2 |\n|---|---|---|---|---|\n";
    for (const Key& key : section.keys) out += row_of(key);
    if (section.others) out += row_of(*section.others);
    return out;
}

}  // namespace

std::string reference_markdown() {
    std::string out(kIntroduction);
    for (const Section* section : all_sections()) out += section_text(*section);
    return out;
}

}  // namespace ccr::config
