// Schema subset: a JSON Schema made into what one provider's servers accept, by allow-list.
//
// Providers take different parts of JSON Schema and refuse a whole request for one keyword that
// they do not know. What a provider takes is a row of data (SchemaRules); one converter does the
// rest: references and allOf are put in place, lists of types become nullable or a choice, const
// becomes enum, and every keyword that is not on the list is left out and told of as a Loss.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "chat/loss.h"

namespace ccr::chat {

/// A keyword that is copied as it is, and the type it belongs to ("" = any).
struct SchemaKeyword {
    std::string_view name;
    std::string_view type;
};

/// A value of `format` that may stand beside a type.
struct SchemaFormat {
    std::string_view type;
    std::string_view format;
};

/// What one provider accepts.
struct SchemaRules {
    std::span<const SchemaKeyword> keywords;
    std::span<const SchemaFormat> formats;
    bool upper_case_types = false;   // "STRING" for "string"
    bool nullable_keyword = false;   // "nullable": true for "type": [..., "null"]
    bool string_enums_only = false;  // the values of another enum are told in the description
    bool scalar_enums_only = false;  // no enum of objects or arrays
    bool null_alternative = false;   // null is one more schema under anyOf
    bool any_of_alone = false;       // nothing may stand beside anyOf
    bool property_ordering = false;  // Google's own keyword
    bool closed_objects = false;     // "additionalProperties": false in every object
    bool open_objects = false;       // additionalProperties are told as the schema has them
    bool bare_arrays = false;        // an array need not say what it holds
    std::span<const std::string_view> refused_properties;  // names that no property may have
    std::uint32_t deepest = 24;                            // levels; what lies deeper is any value
    std::string_view provider;  // for losses: "... is not accepted by <provider>"
};

/// What the schema describes: the arguments of a function are always an object.
enum class SchemaUse : std::uint8_t { arguments, value };

/// The schema as `rules` allow it. Empty for arguments without any property and for text that is no
/// JSON object: such a schema is best left out. `where` names the place in losses.
std::string schema_subset(std::string_view schema, const SchemaRules& rules, SchemaUse use,
                          const std::string& where, Losses& losses);

}  // namespace ccr::chat
