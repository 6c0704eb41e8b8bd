// ai.google.dev/api/caching, "Schema". The formats are those that Google names for each type; other
// ones are refused by some generations. `default`, `example` and `title` are accepted and ignored.
#include "wire/gemini/schema_rules.h"

#include <array>

namespace ccr::wire::gemini {
namespace {

constexpr auto kKeywords = std::to_array<chat::SchemaKeyword>({
    {"pattern", "string"},
    {"minLength", "string"},
    {"maxLength", "string"},
    {"minimum", "number"},
    {"maximum", "number"},
    {"minItems", "array"},
    {"maxItems", "array"},
    {"minProperties", "object"},
    {"maxProperties", "object"},
});

constexpr auto kFormats = std::to_array<chat::SchemaFormat>({
    {"string", "date-time"},
    {"string", "enum"},
    {"number", "float"},
    {"number", "double"},
    {"integer", "int32"},
    {"integer", "int64"},
});

}  // namespace

const chat::SchemaRules kSchemaRules = {
    .keywords = kKeywords,
    .formats = kFormats,
    .upper_case_types = true,
    .nullable_keyword = true,
    .string_enums_only = true,
    .any_of_alone = true,
    .property_ordering = true,
    .refused_properties = {},
    .provider = "Gemini",
};

}  // namespace ccr::wire::gemini
