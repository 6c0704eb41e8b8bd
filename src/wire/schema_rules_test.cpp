// Schemas for Gemini: what each construct becomes, and that nothing but the documented subset ever
// comes out.
#include "wire/gemini/schema_rules.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "chat/schema_fixture.h"
#include "chat/schema_subset.h"

namespace ccr::wire {
namespace {

namespace fixture = chat::fixture;
using chat::schema_subset;
using chat::SchemaUse;

using Json = nlohmann::json;

struct Converted {
    Json schema;
    std::string losses;
};

Converted converted(const std::string& schema, SchemaUse use = SchemaUse::value) {
    chat::Losses losses;
    const std::string text = schema_subset(schema, gemini::kSchemaRules, use, "here", losses);
    Converted out{text.empty() ? Json() : Json::parse(text), {}};
    for (const chat::Loss& loss : losses) out.losses += loss.what + "; ";
    return out;
}

// Google's Schema object as its page documents it (ai.google.dev/api/caching, "Schema"). "" =
// sound.
std::string complaint(const Json& s) {
    static const std::set<std::string> kKnown = {
        "type",          "format",           "title",     "description", "nullable",
        "enum",          "maxItems",         "minItems",  "properties",  "required",
        "minProperties", "maxProperties",    "minLength", "maxLength",   "pattern",
        "anyOf",         "propertyOrdering", "items",     "minimum",     "maximum"};
    static const std::set<std::string> kTypes = {"STRING",  "NUMBER", "INTEGER",
                                                 "BOOLEAN", "ARRAY",  "OBJECT"};
    if (!s.is_object()) return "no object: " + s.dump();
    for (const auto& [key, value] : s.items()) {
        if (!kKnown.contains(key)) return "unknown keyword " + key;
    }
    if (s.contains("anyOf")) {
        if (s.size() != 1) return "anyOf beside others";
        if (s["anyOf"].empty()) return "an empty anyOf";
        for (const Json& one : s["anyOf"]) {
            if (std::string why = complaint(one); !why.empty()) return why;
        }
        return "";
    }
    if (!s.contains("type") || !s["type"].is_string() || !kTypes.contains(s["type"]))
        return "no type: " + s.dump();
    const Json values = s.value("enum", Json::array());
    for (const Json& value : values) {
        if (s["type"] != "STRING" || !value.is_string() || value == "") return "enum " + s.dump();
    }
    if (s["type"] == "ARRAY" && !s.contains("items")) return "an array without items";
    if (s.contains("items")) return complaint(s["items"]);
    if (s.contains("properties") && s["properties"].empty()) return "empty properties";
    const Json required = s.value("required", Json::array());
    for (const Json& name : required) {
        if (!s.value("properties", Json::object()).contains(name)) return "required and not there";
    }
    const Json properties = s.value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
        if (std::string why = complaint(property); !why.empty()) return name + ": " + why;
    }
    return "";
}

TEST(SchemaSubset, EachConstruct) {
    const std::vector<std::array<const char*, 3>> cases = {
        {R"({"type":"string","format":"uri"})", R"({"type":"STRING"})", "format uri; "},
        {R"({"type":"string","format":"date-time"})", R"({"type":"STRING","format":"date-time"})",
         ""},
        {R"({"type":["string","null"]})", R"({"type":"STRING","nullable":true})", ""},
        {R"({"type":["string","integer"],"description":"d"})",
         R"({"anyOf":[{"type":"STRING","description":"d"},{"type":"INTEGER"}]})", ""},
        {R"({"const":"a"})", R"({"type":"STRING","enum":["a"]})", ""},
        {R"({"enum":["a",null,""]})", R"({"type":"STRING","nullable":true,"enum":["a"]})",
         "the empty string in an enum; "},
        {R"({"type":"integer","enum":[1,2],"description":"n"})",
         R"({"type":"INTEGER","description":"n One of: 1, 2"})",
         "enum of other values than strings; "},
        {R"({"type":"integer","exclusiveMinimum":0,"maximum":9})",
         R"({"type":"INTEGER","maximum":9})", "exclusiveMinimum; "},
        {R"({"oneOf":[{"type":"string"},{"type":"null"}],"description":"d"})",
         R"({"type":"STRING","nullable":true,"description":"d"})", ""},
        {R"({"oneOf":[{"type":"string"},{"type":"number"}]})",
         R"({"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]})", ""},
        {R"({"type":"object","properties":{},"additionalProperties":{"type":"string"}})",
         R"({"type":"OBJECT"})", "additionalProperties; "},
        {R"({"type":"object","$schema":"x","additionalProperties":false,"properties":{"a":{"type":"boolean"}},"required":["a","b"]})",
         R"({"type":"OBJECT","properties":{"a":{"type":"BOOLEAN"}},"required":["a"]})", ""},
        {R"({"type":"array","items":[{"type":"string"},{"type":"number"}]})",
         R"({"type":"ARRAY","items":{"type":"STRING"}})", "items of different schemas; "},
        {R"({"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},
             {"properties":{"b":{"type":"string"}},"required":["b"]}]})",
         R"({"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},"required":["a","b"]})",
         ""},
        {R"({"type":"object","properties":{"a":{"$ref":"#/$defs/A","description":"mine"}},
             "$defs":{"A":{"type":"string","description":"its"}}})",
         R"({"type":"OBJECT","properties":{"a":{"type":"STRING","description":"mine"}}})", ""},
        {R"({"type":"object","properties":{"a":{"$ref":"#/definitions/gone"}}})", nullptr,
         "$ref to nothing in the schema; "},
        {R"({"type":"array"})", nullptr, ""},
        {R"({})", nullptr, ""},
    };
    for (const auto& [schema, expected, losses] : cases) {
        const Converted got = converted(schema);
        if (expected) {
            EXPECT_EQ(got.schema, Json::parse(expected)) << schema;
        }
        EXPECT_EQ(got.losses, losses) << schema;
        EXPECT_EQ(complaint(got.schema), "") << schema << "\n" << got.schema;
    }
}

TEST(SchemaSubset, ArgumentsWithoutPropertiesAreLeftOut) {
    for (const char* schema : {"", "[]", "{}", R"({"type":"object","properties":{}})"})
        EXPECT_TRUE(converted(schema, SchemaUse::arguments).schema.is_null()) << schema;
}

TEST(SchemaSubset, ReferencesIntoThemselvesEnd) {
    const Converted tree = converted(
        R"({"type":"object","properties":{"root":{"$ref":"#/$defs/N"}},
            "$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N"},"v":{"type":"string"}}}}})",
        SchemaUse::arguments);
    EXPECT_EQ(tree.schema["properties"]["root"]["properties"]["next"], Json({{"type", "OBJECT"}}));
    EXPECT_THAT(tree.losses, testing::HasSubstr("$ref into itself"));
    EXPECT_EQ(complaint(converted(R"({"$ref":"#"})").schema), "");
}

// References that double at each level would make 2^40 schemas.
TEST(SchemaSubset, ReferencesThatMultiplyEnd) {
    std::string schema = R"({"type":"object","properties":{"a":{"$ref":"#/$defs/d0"}},"$defs":{)";
    for (int i = 0; i < 40; ++i) {
        schema += fmt::format(
            R"("d{}":{{"type":"object","properties":{{"x":{{"$ref":"#/$defs/d{}"}},"y":{{"$ref":"#/$defs/d{}"}}}}}},)",
            i, i + 1, i + 1);
    }
    schema += R"("d40":{"type":"string"}}})";
    const Converted got = converted(schema, SchemaUse::arguments);
    EXPECT_EQ(complaint(got.schema), "");
    EXPECT_LT(got.schema.dump().size(), 5'000'000U);
    EXPECT_THAT(got.losses, testing::HasSubstr("too deep"));
}

TEST(SchemaSubset, EveryToolOfEveryRecordedClientPasses) {
    const std::vector<std::string> schemas = fixture::recorded_schemas();
    EXPECT_GT(schemas.size(), 300U);
    for (const std::string& schema : schemas) {
        const Converted got = converted(schema, SchemaUse::arguments);
        if (got.schema.is_null()) continue;
        ASSERT_EQ(complaint(got.schema), "") << schema << "\n" << got.schema;
        const Json source = Json::parse(schema).value("properties", Json::object());
        for (const auto& [name, value] : source.items())
            ASSERT_TRUE(got.schema["properties"].contains(name)) << name << "\n" << schema;
    }
}

TEST(SchemaSubset, WhateverComesInTheSubsetComesOut) {
    json::Random r(1);
    for (int i = 0; i < 2000; ++i) {
        const std::string schema = fixture::random_schema(r, 4);
        for (const SchemaUse use : {SchemaUse::value, SchemaUse::arguments}) {
            const Converted got = converted(schema, use);
            if (got.schema.is_null()) continue;
            ASSERT_EQ(complaint(got.schema), "") << schema << "\n" << got.schema;
        }
    }
}

}  // namespace
}  // namespace ccr::wire
