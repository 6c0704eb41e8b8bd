#include "wire/gemini/openapi_schema.h"

#include <algorithm>
#include <array>

#include "base/text_case.h"
#include "json/writer.h"
#include "wire/gemini/names.h"

namespace ccr::wire::gemini {
namespace {

using json::View;
using json::Writer;

constexpr auto kCounts = std::to_array<std::string_view>(
    {"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"});

std::string_view count_name(json::Text key) {
    for (const std::string_view name : kCounts) {
        if (is_named(key, name)) return name;
    }
    return {};
}

bool is_rewritten(const View::Member& member) {
    if (is_named(member.key(), "anyOf") && !member.named("anyOf")) return true;
    if (is_named(member.key(), "propertyOrdering") && !member.named("propertyOrdering"))
        return true;
    if (!count_name(member.key()).empty())
        return member.value.is_string() || !member.named(count_name(member.key()));
    if (member.named("nullable")) return true;
    if (member.named("format")) return member.value.text().equals("enum");
    const std::string type = member.named("type") ? member.value.text().decode() : std::string();
    return type != lower_case(type);
}

bool needs_rewriting(View schema) {
    for (const auto member : schema.members()) {
        if (is_rewritten(member)) return true;
        if (member.named("properties")) {
            for (const auto property : member.value.members()) {
                if (needs_rewriting(property.value)) return true;
            }
        } else if (member.value.is_array()) {
            for (const View one : member.value.elements()) {
                if (needs_rewriting(one)) return true;
            }
        } else if (member.named("items") && needs_rewriting(member.value)) {
            return true;
        }
    }
    return false;
}

void rewrite(Writer& w, View schema);

void rewrite_type(Writer& w, View type, bool nullable) {
    const std::string name = lower_case(type.text().decode());
    if (name == "type_unspecified") return;
    if (nullable)
        w.key("type").open_array().string(name).string("null").close_array();
    else
        w.member("type", std::string_view(name));
}

void rewrite_count(Writer& w, std::string_view name, View value) {
    const std::string digits = value.text().decode();
    const bool number = !digits.empty() && digits.size() < 16 &&
                        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (number)
        w.key(name).integer(std::stoll(digits));
    else if (value.integer())
        w.member_raw(name, value.raw());
}

void rewrite_list(Writer& w, std::string_view name, View list) {
    w.key(name).open_array();
    for (const View one : list.elements()) rewrite(w, one);
    w.close_array();
}

void rewrite_properties(Writer& w, View properties) {
    w.key("properties").open_object();
    for (const auto property : properties.members()) {
        w.escaped_key(property.key());
        rewrite(w, property.value);
    }
    w.close_object();
}

void rewrite_member(Writer& w, const View::Member& member, bool nullable) {
    if (member.named("nullable")) return;
    if (member.named("format") && member.value.text().equals("enum")) return;
    if (member.named("type") && member.value.is_string())
        return rewrite_type(w, member.value, nullable);
    if (const std::string_view count = count_name(member.key()); !count.empty())
        return rewrite_count(w, count, member.value);
    if (member.named("properties") && member.value.is_object())
        return rewrite_properties(w, member.value);
    if (is_named(member.key(), "anyOf") && member.value.is_array())
        return rewrite_list(w, "anyOf", member.value);
    if (is_named(member.key(), "propertyOrdering")) {
        w.member_raw("propertyOrdering", member.value.raw());
        return;
    }
    w.escaped_key(member.key());
    if (member.named("items"))
        rewrite(w, member.value);
    else
        w.raw(member.value.raw());
}

void rewrite(Writer& w, View schema) {
    if (!schema.is_object()) {
        w.raw(schema.raw());
        return;
    }
    const bool nullable = schema["nullable"].boolean().value_or(false);
    w.open_object();
    for (const auto member : schema.members()) rewrite_member(w, member, nullable);
    w.close_object();
}

}  // namespace

std::string_view json_schema_of(View schema, Arena& arena) {
    if (!needs_rewriting(schema)) return schema.raw();
    std::string out;
    Writer w(out);
    rewrite(w, schema);
    return arena.keep(out);
}

}  // namespace ccr::wire::gemini
