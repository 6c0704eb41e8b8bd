// Schemas as Moonshot's validator wants them: what each construct becomes, and that its rules
// (MoonshotAI/walle, docs/walle.md) hold for every tool of the recorded clients and for whatever
// comes.
#include "adapt/moonshot_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "adapt/adapt_fixture.h"
#include "chat/schema_fixture.h"

namespace ccr::adapt {
namespace {

using chat::SchemaUse;
using Json = nlohmann::json;

struct Converted {
    Json schema;
    std::string losses;
};

Converted converted(const std::string& schema, SchemaUse use) {
    chat::Losses losses;
    const std::string text = chat::schema_subset(schema, kMoonshotSchema, use, "here", losses);
    Converted out{text.empty() ? Json() : Json::parse(text), {}};
    for (const chat::Loss& loss : losses) out.losses += loss.what + "; ";
    return out;
}

const std::map<std::string, std::set<std::string>>& keywords_by_type() {
    static const std::map<std::string, std::set<std::string>> kAllowed = {
        {"object", {"type", "description", "properties", "required", "additionalProperties"}},
        {"array", {"type", "description", "items", "minItems", "maxItems"}},
        {"string", {"type", "description", "enum", "minLength", "maxLength"}},
        {"number", {"type", "description", "enum", "minimum", "maximum"}},
        {"integer", {"type", "description", "enum", "minimum", "maximum"}},
        {"boolean", {"type", "description", "enum"}},
        {"null", {"type", "description"}}};
    return kAllowed;
}

bool value_fits(const Json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == "boolean" && value.is_boolean();
}

std::string complaint(const Json& s);

std::string complaint_of_choice(const Json& s) {
    if (s.size() != 1) return "anyOf beside others: " + s.dump();
    if (s["anyOf"].empty() || s["anyOf"].size() > 500) return "anyOf of no or many";
    for (const Json& one : s["anyOf"]) {
        if (std::string why = complaint(one); !why.empty()) return why;
    }
    return "";
}

std::string complaint_of_object(const Json& s) {
    static const std::set<std::string> kNever = {"$defs", "$ref", "anyOf", "required",
                                                 "additionalProperties"};
    const Json properties = s.value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
        if (kNever.contains(name)) return "a property named " + name;
        if (std::string why = complaint(property); !why.empty()) return name + ": " + why;
    }
    for (const Json& name : s.value("required", Json::array())) {
        if (!name.is_string() || !properties.contains(name)) return "required and not there";
    }
    const Json more = s.value("additionalProperties", Json(true));
    if (more.is_boolean()) return "";
    return more.is_object() ? complaint(more) : "additionalProperties " + more.dump();
}

std::string complaint_of_bounds(const Json& s, const std::string& type) {
    for (const char* pair : {"Length", "imum", "Items"}) {
        const std::string least = std::string("min") + pair, most = std::string("max") + pair;
        for (const std::string& name : {least, most}) {
            if (!s.contains(name)) continue;
            const bool whole = type != "number";
            if (whole ? !s[name].is_number_integer() : !s[name].is_number())
                return name + " " + s[name].dump();
        }
        if (s.contains(least) && s.contains(most) && s[least] > s[most])
            return least + " > " + most;
    }
    return "";
}

// "" = sound.
std::string complaint(const Json& s) {
    if (!s.is_object()) return "no object: " + s.dump();
    if (s.contains("anyOf")) return complaint_of_choice(s);
    if (!s.contains("type") || !s["type"].is_string()) return "no type: " + s.dump();
    const std::string type = s["type"];
    const auto allowed = keywords_by_type().find(type);
    if (allowed == keywords_by_type().end()) return "type " + type;
    for (const auto& [key, value] : s.items()) {
        if (!allowed->second.contains(key)) return key + " beside type " + type;
    }
    if (s.contains("description") && !s["description"].is_string()) return "description";
    if (s.contains("enum") && s["enum"].empty()) return "an empty enum";
    for (const Json& value : s.value("enum", Json::array())) {
        if (!value_fits(value, type)) return "enum " + s.dump();
    }
    if (std::string why = complaint_of_bounds(s, type); !why.empty()) return why;
    if (s.contains("items")) return complaint(s["items"]);
    return type == "object" ? complaint_of_object(s) : "";
}

TEST(MoonshotSchema, EachConstruct) {
    const std::vector<std::array<const char*, 3>> cases = {
        {R"({"type":"string","format":"uri","pattern":"^h","title":"T","default":"x"})",
         R"({"type":"string"})", "format uri; pattern; "},
        {R"({"type":["string","null"],"description":"d"})",
         R"({"anyOf":[{"type":"string","description":"d"},{"type":"null"}]})", ""},
        {R"({"type":["string","integer"],"minLength":1})",
         R"({"anyOf":[{"type":"string","minLength":1},{"type":"integer"}]})", ""},
        {R"({"anyOf":[{"type":"string"},{"type":"number"},{"type":"null"}],"description":"d"})",
         R"({"anyOf":[{"type":"string","description":"d"},{"type":"number"},{"type":"null"}]})",
         ""},
        {R"({"enum":["a",null]})", R"({"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]})",
         ""},
        {R"({"enum":["a",1]})",
         R"({"anyOf":[{"type":"string","enum":["a"]},{"type":"integer","enum":[1]}]})", ""},
        {R"({"const":2})", R"({"type":"integer","enum":[2]})", ""},
        {R"({"type":"array","enum":[[1]]})", R"({"type":"array"})", "enum of objects or arrays; "},
        {R"({"type":"integer","exclusiveMinimum":0,"maximum":9007199254740991})",
         R"({"type":"integer","maximum":9007199254740991})", "exclusiveMinimum; "},
        {R"({"type":"integer","minimum":0.5})", R"({"type":"integer"})", "minimum; "},
        {R"({"type":"string","minLength":3,"maxLength":2})", R"({"type":"string","minLength":3})",
         "maxLength; "},
        {R"({"type":"array","items":true,"uniqueItems":true})", R"({"type":"array"})",
         "uniqueItems; "},
        {R"({"type":"object","propertyNames":{"type":"string"},"additionalProperties":{"type":"string"}})",
         R"({"type":"object","additionalProperties":{"type":"string"}})", "propertyNames; "},
        {R"({"type":"object","properties":{"a":{"$ref":"#/$defs/A","description":"mine"},"required":{"type":"string"}},
             "required":["a","required","gone"],"additionalProperties":false,
             "$defs":{"A":{"type":"boolean","description":"its"}}})",
         R"({"type":"object","additionalProperties":false,
             "properties":{"a":{"type":"boolean","description":"mine"}},"required":["a"]})",
         "the property required; "},
    };
    for (const auto& [schema, expected, losses] : cases) {
        const Converted got = converted(schema, SchemaUse::value);
        EXPECT_EQ(got.schema, Json::parse(expected)) << schema;
        EXPECT_EQ(got.losses, losses) << schema;
        EXPECT_EQ(complaint(got.schema), "") << schema;
    }
    for (const char* anything : {"{}", R"({"description":"d"})"})
        EXPECT_EQ(complaint(converted(anything, SchemaUse::value).schema), "") << anything;
}

// What the servers refuse: "when using anyOf, type should be defined in anyOf items instead".
TEST(MoonshotSchema, AlternativesBesideTheArgumentsThemselvesAreLeftOut) {
    const Converted got = converted(
        R"({"type":"object","properties":{"a":{"type":"string"}},
            "anyOf":[{"required":["a"]},{"required":["b"]}]})",
        SchemaUse::arguments);
    EXPECT_EQ(got.schema, Json::parse(R"({"type":"object","properties":{"a":{"type":"string"}}})"));
    EXPECT_NE(got.losses, "");
}

TEST(MoonshotSchema, EveryToolOfEveryRecordedClientPasses) {
    const std::vector<std::string> schemas = chat::fixture::recorded_schemas();
    EXPECT_GT(schemas.size(), 300U);
    for (const std::string& schema : schemas) {
        const Converted got = converted(schema, SchemaUse::arguments);
        if (got.schema.is_null()) continue;
        ASSERT_EQ(complaint(got.schema), "") << schema << "\n" << got.schema;
        EXPECT_EQ(got.schema["type"], "object");
        const Json source = Json::parse(schema).value("properties", Json::object());
        for (const auto& [name, value] : source.items())
            ASSERT_TRUE(got.schema["properties"].contains(name)) << name << "\n" << schema;
    }
}

TEST(MoonshotSchema, WhateverComesInTheSubsetComesOut) {
    json::Random r(2);
    for (int i = 0; i < 2000; ++i) {
        const std::string schema = chat::fixture::random_schema(r, 4);
        for (const SchemaUse use : {SchemaUse::value, SchemaUse::arguments}) {
            const Converted got = converted(schema, use);
            if (got.schema.is_null()) continue;
            ASSERT_EQ(complaint(got.schema), "") << schema << "\n" << got.schema;
            ASSERT_EQ(converted(got.schema.dump(), use).losses, "") << got.schema;
        }
    }
}

constexpr std::string_view kTool =
    R"({"name":"t","input_schema":{"type":"object","$schema":"x","properties":{"q":{"type":["string","null"],"pattern":"a"}},"required":["q"]}})";

TEST(MoonshotSchema, StandsInTheRequestsOfItsProvidersAlone) {
    const std::string body =
        R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}],"tools":[)" +
        std::string(kTool) + "]}";
    const fixture::Request request(body);
    const auto parameters = [&](const std::string& preset) {
        const Json got = Json::parse(fixture::sent(
            fixture::provider("{name: 'p', preset: '" + preset + "', api_key: 'k', models: ['m']}"),
            request));
        return got["tools"][0]["function"]["parameters"];
    };
    const Json subset = Json::parse(
        R"({"type":"object","properties":{"q":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["q"]})");
    EXPECT_EQ(parameters("moonshot"), subset);
    EXPECT_EQ(parameters("kimi-coding"), subset);
    EXPECT_EQ(parameters("deepseek"), Json::parse(kTool)["input_schema"]);
}

TEST(MoonshotSchema, AChatClientsToolsAreConvertedToo) {
    const fixture::Request request(
        R"({"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"t","parameters":{"type":"object","properties":{"q":{"type":"string","format":"uri"}}}}}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":["object","null"],"$comment":"c"}}}})",
        Protocol::openai_chat);
    const config::Provider provider =
        fixture::provider("{name: 'p', preset: 'moonshot', api_key: 'k', models: ['m']}");
    Plan plan(provider, "m", request.conversation, true);
    EXPECT_TRUE(plan.needs_hub());
    const Json got = Json::parse(fixture::sent(provider, request));
    EXPECT_EQ(got["tools"][0]["function"]["parameters"]["properties"]["q"],
              Json::parse(R"({"type":"string"})"));
    EXPECT_EQ(got["response_format"]["json_schema"]["schema"],
              Json::parse(R"({"anyOf":[{"type":"object"},{"type":"null"}]})"));
    plan.request(request.conversation);
    EXPECT_THAT(plan.losses(), testing::Contains(testing::Field(&chat::Loss::what, "format uri")));
}

TEST(MoonshotSchema, RequestsThatAreInTheSubsetKeepTheirBytes) {
    const fixture::Request request(
        R"({"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"t","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}]})",
        Protocol::openai_chat);
    const config::Provider provider =
        fixture::provider("{name: 'p', preset: 'moonshot', api_key: 'k', models: ['m']}");
    EXPECT_FALSE(Plan(provider, "m", request.conversation, true).needs_hub());
}

TEST(JsonMode, StandsInForAnAnswersSchemaWhereAProviderTakesNone) {
    const fixture::Request request(
        R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}}}}}})");
    for (const char* preset : {"zai", "zhipu", "zai-coding"}) {
        const config::Provider provider = fixture::provider(
            std::string("{name: 'p', preset: '") + preset + "', api_key: 'k', models: ['m']}");
        EXPECT_EQ(Json::parse(fixture::sent(provider, request))["response_format"],
                  Json::parse(R"({"type":"json_object"})"));
        Plan plan(provider, "m", request.conversation, false);
        plan.request(request.conversation);
        ASSERT_EQ(plan.losses().size(), 1U) << preset;
        EXPECT_EQ(plan.losses()[0].where, "response_format");
    }
}

}  // namespace
}  // namespace ccr::adapt
