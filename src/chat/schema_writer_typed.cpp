// SchemaWriter: the members of a schema of one type.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chat/schema_writer.h"

namespace ccr::chat {
namespace {

using json::Text;
using json::View;

constexpr std::size_t kMostValuesTold = 20;  // of an enum that only the description can carry

bool fits(View value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.integer().has_value();
    if (type == "number") return value.number().has_value();
    if (type == "boolean") return value.boolean().has_value();
    return type == "object" ? value.is_object() : value.is_array();
}

// "pattern" is a text; every other keyword that is copied holds a number.
bool is_sound(std::string_view keyword, std::string_view type, View value) {
    if (keyword == "pattern") return value.is_string();
    if (keyword == "minimum" || keyword == "maximum")
        return type == "integer" ? value.integer().has_value() : value.number().has_value();
    const auto count = value.integer();
    return count && *count >= 0;
}

// A greatest value below the least.
bool contradicts(const SchemaLayers& layers, std::string_view keyword, View value) {
    if (!keyword.starts_with("max") || !value.number()) return false;
    const auto least = layers.get("min" + std::string(keyword.substr(3))).number();
    return least && *least > *value.number();
}

// In the order of their first appearance; the nearest layer counts.
std::vector<std::pair<Text, View>> properties_of(const SchemaLayers& layers) {
    std::vector<std::pair<Text, View>> out;
    for (const View layer : layers.all()) {
        for (const auto member : layer["properties"].members()) {
            const auto same = [&](const auto& known) { return known.first == member.key(); };
            if (std::ranges::none_of(out, same)) out.emplace_back(member.key(), member.value);
        }
    }
    return out;
}

std::vector<Text> names_in(const SchemaLayers& layers, std::string_view keyword,
                           const std::vector<std::pair<Text, View>>& properties) {
    std::vector<Text> out;
    for (const View layer : layers.all()) {
        for (const View name : layer[keyword].elements()) {
            const auto same = [&](const auto& p) {
                return name.is_string() && p.first == name.text();
            };
            const bool known = std::ranges::find(out, name.text()) != out.end();
            if (!known && std::ranges::any_of(properties, same)) out.push_back(name.text());
        }
    }
    return out;
}

}  // namespace

void SchemaWriter::write_type(std::string_view type, bool nullable) {
    std::string name(type);
    if (rules_.upper_case_types)
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
    if (!nullable || rules_.nullable_keyword || rules_.null_alternative) {
        w_.member("type", std::string_view(name));
        if (nullable && rules_.nullable_keyword) w_.key("nullable").boolean(true);
        return;
    }
    w_.key("type").open_array().string(name).string("null").close_array();
}

void SchemaWriter::write_description(const Node& node, std::string_view type, bool with_own) {
    std::string told;
    if (rules_.string_enums_only && type != "string") {
        std::size_t count = 0;
        for (const View value : node.values) {
            if (!fits(value, type) || ++count > kMostValuesTold) continue;
            told += told.empty() ? "One of: " : ", ";
            json::escape_to(told, value.raw());
        }
    }
    const Text own = with_own ? node.description : Text();
    if (own.empty() && told.empty()) return;
    w_.key("description").quote_open().piece(own);
    if (!own.empty() && !told.empty()) w_.piece(Text::literal(" "));
    w_.piece(Text::from_escaped(told)).quote_close();
}

void SchemaWriter::write_enum(const Node& node, std::string_view type) {
    std::vector<View> values;
    for (const View value : node.values) {
        if (fits(value, type)) values.push_back(value);
    }
    if (values.empty()) return;
    if (rules_.scalar_enums_only && (type == "object" || type == "array"))
        return lose("enum of objects or arrays");
    if (rules_.string_enums_only) {
        if (type != "string") return lose("enum of other values than strings");
        // Google's servers refuse an empty value.
        if (std::erase_if(values, [](View v) { return v.text().empty(); }) > 0)
            lose("the empty string in an enum");
        if (values.empty()) return;
    }
    w_.key("enum").open_array();
    for (const View value : values) w_.raw(value.raw());
    w_.close_array();
}

void SchemaWriter::write_format(const Node& node, std::string_view type) {
    const Text format = node.layers.get("format").text();
    if (format.empty()) return;
    const auto accepted = [&](const SchemaFormat& f) {
        return f.type == type && format.equals(f.format);
    };
    if (std::ranges::any_of(rules_.formats, accepted))
        w_.member("format", format);
    else
        lose("format " + format.decode());
}

void SchemaWriter::write_keywords(const Node& node, std::string_view type) {
    for (const SchemaKeyword& keyword : rules_.keywords) {
        const bool number = keyword.type == "number" && type == "integer";
        if (!keyword.type.empty() && keyword.type != type && !number) continue;
        const View value = node.layers.get(keyword.name);
        if (!value) continue;
        if (is_sound(keyword.name, type, value) && !contradicts(node.layers, keyword.name, value))
            w_.member_raw(keyword.name, value.raw());
        else
            lose(keyword.name);
    }
}

void SchemaWriter::write_additional(const Node& node, std::uint32_t level) {
    if (rules_.closed_objects) w_.key("additionalProperties").boolean(false);
    if (!rules_.open_objects) return;
    const View additional = node.layers.get("additionalProperties");
    if (additional.boolean() == false) w_.key("additionalProperties").boolean(false);
    if (!additional.is_object() || !additional.has_elements()) return;
    w_.key("additionalProperties");
    schema(additional, {}, level + 1);
}

void SchemaWriter::write_object(const Node& node, std::uint32_t level) {
    write_additional(node, level);
    auto properties = properties_of(node.layers);
    std::erase_if(properties, [&](const auto& property) {
        const bool refused =
            std::ranges::any_of(rules_.refused_properties,
                                [&](std::string_view name) { return property.first.equals(name); });
        if (refused) lose("the property " + property.first.decode());
        return refused;
    });
    if (properties.empty()) return;
    w_.key("properties").open_object();
    for (const auto& [name, value] : properties) {
        w_.escaped_key(name);
        schema(value, {}, level + 1);
    }
    w_.close_object();
    for (const std::string_view keyword :
         std::to_array<std::string_view>({"required", "propertyOrdering"})) {
        if (keyword == "propertyOrdering" && !rules_.property_ordering) continue;
        const std::vector<Text> names = names_in(node.layers, keyword, properties);
        if (names.empty()) continue;
        w_.key(keyword).open_array();
        for (const Text name : names) w_.text(name);
        w_.close_array();
    }
}

// Lists that name a schema for each place become lists of the first of them.
void SchemaWriter::write_items(const Node& node, std::uint32_t level) {
    View items = node.layers.get("items");
    if (rules_.bare_arrays && !items.has_elements() &&
        !node.layers.get("prefixItems").has_elements())
        return;
    if (const View places = items.is_array() ? items : node.layers.get("prefixItems");
        places.is_array() && places.has_elements()) {
        if (!items.is_object()) items = *places.elements().begin();
        if (node.layers.get("items").is_array()) lose("items of different schemas");
    }
    w_.key("items");
    schema(items, {}, level + 1);
}

void SchemaWriter::typed(const Node& node, std::string_view type, std::uint32_t level,
                         bool with_description) {
    w_.open_object();
    write_type(type, node.nullable);
    write_description(node, type, with_description);
    write_enum(node, type);
    write_format(node, type);
    write_keywords(node, type);
    if (type == "object") write_object(node, level);
    if (type == "array") write_items(node, level);
    w_.close_object();
}

}  // namespace ccr::chat
