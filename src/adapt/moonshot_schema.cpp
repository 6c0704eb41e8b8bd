// MoonshotAI/walle, docs/mfjs-spec.md and docs/walle.md (the validator's rules): a type in every
// schema, none beside anyOf, and no keyword that is not named there. `default` and `title` are
// taken and say nothing; `pattern` is announced.
#include "adapt/moonshot_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapt/native.h"

namespace ccr::adapt {
namespace {

using chat::SchemaUse;

constexpr auto kKeywords = std::to_array<chat::SchemaKeyword>({
    {"minLength", "string"},
    {"maxLength", "string"},
    {"minimum", "number"},
    {"maximum", "number"},
    {"minItems", "array"},
    {"maxItems", "array"},
});

// docs/walle.md, "Structural errors": names that a property must not have.
constexpr auto kRefused =
    std::to_array<std::string_view>({"$defs", "$ref", "anyOf", "required", "additionalProperties"});

class MoonshotSchemas final : public Adapter {
  public:
    void request(chat::Conversation& c, RequestNotes& notes) override {
        for (std::size_t i = 0; i < c.tools.size(); ++i) {
            chat::Tool& tool = c.tools[i];
            if (tool.server_type.empty())
                tool.schema = c.arena.keep(
                    chat::schema_subset(tool.schema, kMoonshotSchema, SchemaUse::arguments,
                                        fmt::format("tools.{}", i), notes.losses));
        }
        if (c.format && !c.format->schema.empty())
            c.format->schema = c.arena.keep(chat::schema_subset(c.format->schema, kMoonshotSchema,
                                                                SchemaUse::value, "response_format",
                                                                notes.losses));
    }
};

bool is_moonshot(const Situation& s) {
    const config::Preset* preset = s.provider.preset;
    return s.speaks == Protocol::openai_chat && preset &&
           (preset->name == "moonshot" || preset->name == "kimi-coding");
}

bool is_other(std::string_view schema, SchemaUse use) {
    chat::Losses losses;
    return !schema.empty() &&
           chat::schema_subset(schema, kMoonshotSchema, use, "", losses) != schema;
}

}  // namespace

const chat::SchemaRules kMoonshotSchema = {
    .keywords = kKeywords,
    .formats = {},
    .scalar_enums_only = true,
    .null_alternative = true,
    .any_of_alone = true,
    .open_objects = true,
    .bare_arrays = true,
    .refused_properties = kRefused,
    .provider = "Moonshot",
};

std::unique_ptr<Adapter> moonshot_schemas(const Situation& s) {
    if (!is_moonshot(s)) return nullptr;
    const chat::Conversation& c = s.conversation;
    const bool any = std::ranges::any_of(c.tools, [](const chat::Tool& tool) {
        return tool.server_type.empty() && is_other(tool.schema, SchemaUse::arguments);
    });
    const bool answer = c.format && is_other(c.format->schema, SchemaUse::value);
    return any || answer ? std::make_unique<MoonshotSchemas>() : nullptr;
}

}  // namespace ccr::adapt
