#include "chat/schema_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ccr::chat {
namespace {

using json::Text;
using json::View;

// Schemas written for one tool; references can multiply without end (a to b twice, b to c twice).
constexpr std::size_t kMostSchemas = 4000;

// Keywords with a meaning of their own here, and those that say nothing about a value.
constexpr auto kHandled = std::to_array<std::string_view>(
    {"type",       "nullable", "enum",      "const",           "anyOf",       "oneOf",
     "allOf",      "$ref",     "$defs",     "definitions",     "description", "format",
     "properties", "required", "items",     "$schema",         "$id",         "id",
     "$anchor",    "$comment", "title",     "default",         "example",     "examples",
     "deprecated", "readOnly", "writeOnly", "propertyOrdering"});
constexpr auto kTypes =
    std::to_array<std::string_view>({"string", "number", "integer", "boolean", "object", "array"});

bool is_type(std::string_view name) {
    return std::ranges::find(kTypes, name) != kTypes.end();
}

void add_unique(std::vector<std::string>& types, std::string_view type) {
    if (is_type(type) && std::ranges::find(types, type) == types.end()) types.emplace_back(type);
}

std::string_view type_of_value(View value) {
    switch (value.kind()) {
        case json::Kind::string:
            return "string";
        case json::Kind::number:
            return value.integer() ? "integer" : "number";
        case json::Kind::boolean:
            return "boolean";
        case json::Kind::array:
            return "array";
        default:
            return "object";
    }
}

// The type that keywords speak of, for schemas that do not name it.
constexpr auto kTelling = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"properties", "object"},
     {"required", "object"},
     {"additionalProperties", "object"},
     {"items", "array"},
     {"prefixItems", "array"},
     {"minItems", "array"},
     {"pattern", "string"},
     {"minLength", "string"},
     {"maxLength", "string"},
     {"minimum", "number"},
     {"maximum", "number"}});

}  // namespace

bool SchemaWriter::is_known(std::string_view keyword) const {
    return std::ranges::find(kHandled, keyword) != kHandled.end() ||
           (rules_.open_objects && keyword == "additionalProperties") ||
           std::ranges::any_of(rules_.keywords,
                               [&](const SchemaKeyword& k) { return k.name == keyword; });
}

// A closed object is what models take every object for, so that is not told.
void SchemaWriter::see_keywords(const Node& node) {
    for (const View layer : node.layers.all()) {
        for (const auto member : layer.members()) {
            const std::string keyword = member.key().decode();
            const bool closed = keyword == "additionalProperties" && !member.value.has_elements();
            if (!is_known(keyword) && !closed) lose(keyword);
        }
    }
    if (node.layers.is_recursive()) lose("$ref into itself");
    if (node.layers.is_dangling()) lose("$ref to nothing in the schema");
}

void SchemaWriter::read_types(Node& node) const {
    const auto add = [&](Text name) {
        std::string type = name.decode();
        std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
        node.nullable = node.nullable || type == "null";
        add_unique(node.types, type);
    };
    const View type = node.layers.get("type");
    if (type.is_string()) add(type.text());
    for (const View one : type.elements()) add(one.text());
    node.nullable = node.nullable || node.layers.get("nullable").boolean().value_or(false);
}

void SchemaWriter::read_values(Node& node) const {
    const auto add = [&](View value) {
        if (value.is_null())
            node.nullable = true;
        else
            node.values.push_back(value);
    };
    if (const View constant = node.layers.get("const")) {
        add(constant);
    } else {
        for (const View value : node.layers.get("enum").elements()) add(value);
    }
    if (!node.types.empty()) return;
    for (const View value : node.values) add_unique(node.types, type_of_value(value));
}

void SchemaWriter::read_choices(Node& node) {
    View list = node.layers.get("anyOf");
    if (!list) list = node.layers.get("oneOf");
    for (const View one : list.elements()) {
        const bool null = one["type"].text().equals("null") || one["const"].is_null();
        node.nullable = node.nullable || null;
        if (!null) node.choices.push_back(one);
    }
}

SchemaWriter::Node SchemaWriter::read(View schema, const Outer& outer) {
    Node node{SchemaLayers(root_, schema, open_), {}, {}, {}, {}, outer.nullable};
    node.description = node.layers.get("description").text();
    if (node.description.empty()) node.description = outer.description;
    read_types(node);
    read_values(node);
    read_choices(node);
    for (const auto& [keyword, type] : kTelling) {
        if (node.types.empty() && node.choices.empty() && node.layers.get(keyword))
            add_unique(node.types, type);
    }
    see_keywords(node);
    return node;
}

// Whether the alternatives make the schema. Beside properties or a type they only narrow it.
bool SchemaWriter::chooses(const Node& node) {
    if (node.choices.empty()) return false;
    const bool narrowed = node.layers.get("properties").has_elements();
    const bool bare = std::ranges::none_of(node.choices, [](View one) {
        return one["type"] || one["$ref"] || one["enum"] || one["const"] || one["properties"] ||
               one["anyOf"] || one["oneOf"] || one["allOf"];
    });
    if (!narrowed && !(bare && !node.types.empty())) return true;
    lose("anyOf beside properties");
    return false;
}

void SchemaWriter::write(SchemaUse use) {
    if (use == SchemaUse::value) return schema(root_, {}, 0);
    Node node = read(root_, {});
    const bool has_properties = std::ranges::any_of(
        node.layers.all(), [](View v) { return v["properties"].has_elements(); });
    if (!has_properties) {
        if (!node.choices.empty()) lose("anyOf in place of properties");
        return;
    }
    if (!node.choices.empty()) lose("anyOf beside properties");
    node.nullable = false;
    typed(node, "object", 0, true);
}

void SchemaWriter::schema(View schema, const Outer& outer, std::uint32_t level) {
    const std::size_t opened = open_.size();
    const Node read_node = read(schema, outer);
    node(read_node, level);
    open_.resize(opened);
}

void SchemaWriter::node(const Node& node, std::uint32_t level) {
    if (level > rules_.deepest || ++schemas_ > kMostSchemas) {
        lose("what lies too deep");
        return anything(node);
    }
    if (node.layers.is_recursive() && node.types.empty() && node.choices.empty())
        return typed(node, "object", level, true);
    if (chooses(node)) return choice(node, level);
    if (node.types.empty()) return anything(node);
    if (node.types.size() > 1) return several_types(node, level);
    if (rules_.null_alternative && node.nullable) return or_null(node, level);
    typed(node, node.types.front(), level, true);
}

void SchemaWriter::open_choice(const Node& node) {
    w_.open_object();
    if (!rules_.any_of_alone && !node.description.empty())
        w_.member("description", node.description);
    w_.key("anyOf").open_array();
}

void SchemaWriter::close_choice(const Node& node) {
    if (rules_.null_alternative && node.nullable)
        w_.open_object().member("type", "null").close_object();
    w_.close_array().close_object();
}

void SchemaWriter::or_null(const Node& node, std::uint32_t level) {
    open_choice(node);
    typed(node, node.types.front(), level + 1, rules_.any_of_alone);
    close_choice(node);
}

// The description moves into the first alternative where nothing may stand beside anyOf.
void SchemaWriter::choice(const Node& node, std::uint32_t level) {
    if (node.choices.size() == 1)
        return schema(node.choices.front(), {node.description, node.nullable}, level + 1);
    open_choice(node);
    Outer outer{rules_.any_of_alone ? node.description : Text(),
                node.nullable && !rules_.null_alternative};
    for (const View one : node.choices) {
        schema(one, outer, level + 1);
        outer.description = {};
    }
    close_choice(node);
}

void SchemaWriter::several_types(const Node& node, std::uint32_t level) {
    open_choice(node);
    bool first = rules_.any_of_alone;
    for (const std::string& type : node.types) {
        typed(node, type, level + 1, first);
        first = false;
    }
    close_choice(node);
}

// Servers want a type: any value is a choice of all of them.
void SchemaWriter::anything(const Node& node) {
    open_choice(node);
    bool first = rules_.any_of_alone;
    for (const std::string_view type : kTypes) {
        if (type == "integer") continue;
        w_.open_object();
        write_type(type, node.nullable);
        if (first && !node.description.empty()) w_.member("description", node.description);
        first = false;
        if (type == "array" && !rules_.bare_arrays) {
            w_.key("items").open_object();
            write_type("string", false);
            w_.close_object();
        }
        w_.close_object();
    }
    close_choice(node);
}

void SchemaWriter::note(const std::string& where, Losses& losses) const {
    for (const auto& [what, times] : lost_) {
        losses.push_back({where, times == 1 ? what : fmt::format("{} ({} times)", what, times),
                          fmt::format("not accepted by {}", rules_.provider)});
    }
}

}  // namespace ccr::chat
