// SchemaWriter: writes one schema as a provider's rules allow it; the machinery of schema_subset.h.
//
// A plain object for one schema.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "chat/schema_layers.h"
#include "chat/schema_subset.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::chat {

class SchemaWriter {
  public:
    SchemaWriter(json::View root, const SchemaRules& rules, std::string& out)
        : root_(root), rules_(rules), w_(out) {}

    void write(SchemaUse use);
    /// What was left out, each keyword once.
    void note(const std::string& where, Losses& losses) const;

  private:
    /// What stands around a schema and is said inside it.
    struct Outer {
        json::Text description;  // where the schema has none
        bool nullable = false;
    };
    /// One schema, read: what it may be and what it says.
    struct Node {
        SchemaLayers layers;
        std::vector<std::string> types;   // without "null"
        std::vector<json::View> values;   // of enum or const, without null
        std::vector<json::View> choices;  // of anyOf or oneOf, without null
        json::Text description;
        bool nullable = false;
    };
    Node read(json::View schema, const Outer& outer);
    void read_types(Node& node) const;
    void read_values(Node& node) const;
    void read_choices(Node& node);
    bool chooses(const Node& node);

    void schema(json::View schema, const Outer& outer, std::uint32_t level);
    void node(const Node& node, std::uint32_t level);
    void typed(const Node& node, std::string_view type, std::uint32_t level, bool with_description);
    void choice(const Node& node, std::uint32_t level);
    void several_types(const Node& node, std::uint32_t level);
    void anything(const Node& node);
    void write_type(std::string_view type, bool nullable);
    void write_description(const Node& node, std::string_view type, bool with_own);
    void write_enum(const Node& node, std::string_view type);
    void write_format(const Node& node, std::string_view type);
    void write_keywords(const Node& node, std::string_view type);
    void write_additional(const Node& node, std::uint32_t level);
    void write_object(const Node& node, std::uint32_t level);
    void write_items(const Node& node, std::uint32_t level);
    void open_choice(const Node& node);
    void close_choice(const Node& node);
    void or_null(const Node& node, std::uint32_t level);
    void see_keywords(const Node& node);
    bool is_known(std::string_view keyword) const;
    void lose(std::string_view what) { ++lost_[std::string(what)]; }

    json::View root_;
    const SchemaRules& rules_;
    json::Writer w_;
    std::vector<std::uint32_t> open_;  // references being put in place
    std::map<std::string, std::size_t> lost_;
    std::size_t schemas_ = 0;
};

}  // namespace ccr::chat
