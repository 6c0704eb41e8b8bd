#include "demo/schema_sample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <random>

#include "json/document.h"

namespace ccr::demo {
namespace {

struct SampleCase {
    const char* schema;
    const char* sample;
};
void PrintTo(const SampleCase& c, std::ostream* out) {
    *out << c.schema;
}
class Samples : public testing::TestWithParam<SampleCase> {};

TEST_P(Samples, AreSmall) {
    EXPECT_EQ(schema_sample(GetParam().schema, "f"), GetParam().sample);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Samples,
    testing::Values(
        SampleCase{"", "{}"}, SampleCase{"nonsense", "{}"}, SampleCase{"{}", "{}"},
        SampleCase{R"({"type":"object"})", "{}"},
        SampleCase{
            R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["b"]})",
            R"({"b":0})"},
        SampleCase{R"({"type":"object","required":["x\"y"]})", R"({"x\"y":null})"},
        SampleCase{R"({"type":"array","items":{"type":"boolean"}})", "[]"},
        SampleCase{R"({"type":"array","minItems":2,"items":{"type":"boolean"}})", "[false,false]"},
        SampleCase{
            R"({"type":"array","minItems":2,"prefixItems":[{"const":1}],"items":{"const":2}})",
            "[1,2]"},
        SampleCase{R"({"type":"string"})", R"("f")"},
        SampleCase{R"({"type":"string","minLength":3})", R"("fxx")"},
        SampleCase{R"({"type":"string","maxLength":0})", R"("")"},
        SampleCase{R"({"type":"string","format":"date"})", R"("2000-01-01")"},
        SampleCase{R"({"enum":["b","a"]})", R"("b")"},
        SampleCase{R"({"const":{"k":[1]}})", R"({"k":[1]})"},
        SampleCase{R"({"type":"number","default":4})", "4"},
        SampleCase{R"({"type":["null","integer"],"minimum":3})", "3"},
        SampleCase{R"({"type":"integer","exclusiveMinimum":3,"multipleOf":5})", "5"},
        SampleCase{R"({"type":"integer","maximum":-2})", "-2"},
        SampleCase{R"({"type":"number","exclusiveMaximum":0})", "-0.5"},
        SampleCase{R"({"type":"null"})", "null"},
        SampleCase{R"({"anyOf":[{"type":"null"},{"type":"integer"}]})", "0"},
        SampleCase{R"({"oneOf":[{"const":"x"},{"const":"y"}]})", R"("x")"},
        SampleCase{
            R"({"allOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"const":2}},"required":["b","a"]}]})",
            R"({"a":1,"b":2})"},
        SampleCase{R"({"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer","minimum":1}}})",
                   "1"},
        SampleCase{
            R"({"properties":{"a":{"$ref":"#/definitions/t"}},"required":["a"],"definitions":{"t":{"enum":[7]}}})",
            R"({"a":7})"},
        SampleCase{R"({"$ref":"#/nowhere"})", "{}"}));

// Schemas that no finite value satisfies still end, soon and in valid JSON.
TEST(SchemaSample, RecursionEnds) {
    for (
        const char* schema :
        {R"({"type":"object","required":["l","r"],"properties":{"l":{"$ref":"#"},"r":{"$ref":"#"}}})",
         R"({"$ref":"#"})", R"({"allOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]})",
         R"({"type":"array","minItems":99999999,"items":{"$ref":"#"}})"}) {
        const std::string sample = schema_sample(schema, "");
        json::Document document;
        EXPECT_TRUE(document.parse(sample)) << schema;
        EXPECT_LT(sample.size(), 2u << 20) << schema;
    }
}

using json::View;

bool has_type(View value, std::string_view type) {
    if (type == "integer") return value.integer().has_value();
    static constexpr std::string_view kNames[] = {"null",   "boolean", "number",
                                                  "string", "array",   "object"};
    return kNames[static_cast<std::size_t>(value.kind())] == type;
}

bool valid(View value, View schema);

bool valid_object(View value, View schema) {
    for (const View name : schema["required"].elements()) {
        if (!value[name.text().decode()]) return false;
    }
    for (const auto member : value.members()) {
        const View shape = schema["properties"][member.key().decode()];
        if (shape && !valid(member.value, shape)) return false;
    }
    return true;
}

// The keywords that random_schema() uses, checked on their own.
bool valid(View value, View schema) {
    if (const View type = schema["type"]; type && !has_type(value, type.text().decode()))
        return false;
    if (const View only = schema["const"]; only && only.raw() != value.raw()) return false;
    if (const View least = schema["minimum"]; least && *value.number() < *least.number())
        return false;
    if (const View most = schema["maximum"]; most && *value.number() > *most.number()) return false;
    if (const View step = schema["multipleOf"];
        step && std::fmod(*value.number(), *step.number()) != 0)
        return false;
    if (const View least = schema["minLength"];
        least && value.text().decode().size() < static_cast<std::size_t>(*least.integer()))
        return false;
    if (const View most = schema["maxLength"];
        most && value.text().decode().size() > static_cast<std::size_t>(*most.integer()))
        return false;
    if (const View least = schema["minItems"];
        least && value.size() < static_cast<std::size_t>(*least.integer()))
        return false;
    for (const View element : value.elements()) {
        if (schema["items"] && !valid(element, schema["items"])) return false;
    }
    if (const View any = schema["anyOf"]) {
        bool one = false;
        for (const View each : any.elements()) one = one || valid(value, each);
        if (!one) return false;
    }
    for (const View each : schema["allOf"].elements()) {
        if (!valid(value, each)) return false;
    }
    return valid_object(value, schema);
}

std::string random_schema(std::mt19937& random, int depth) {
    const auto n = [&](unsigned most) { return std::to_string(random() % most); };
    switch (random() % (depth > 3 ? 5 : 8)) {
        case 0:
            return R"({"type":"string","minLength":)" + n(9) + R"(,"maxLength":)" +
                   std::to_string(9 + random() % 9) + "}";
        case 1:
            return R"({"type":"integer","minimum":-)" + n(50) + R"(,"multipleOf":)" +
                   std::to_string(1 + random() % 4) + "}";
        case 2:
            return R"({"type":"number","minimum":)" + n(50) + R"(,"maximum":)" +
                   std::to_string(60 + random() % 9) + "}";
        case 3:
            return R"({"const":[)" + n(9) + "]}";
        case 4:
            return R"({"type":"boolean"})";
        case 5:
            return R"({"type":"array","minItems":)" + n(4) + R"(,"items":)" +
                   random_schema(random, depth + 1) + "}";
        case 6:
            return R"({"anyOf":[{"type":"null"},)" + random_schema(random, depth + 1) + "]}";
        default:
            break;
    }
    std::string properties, required;
    for (const char* name : {"a", "b", "c"}) {
        properties += std::string(properties.empty() ? "\"" : ",\"") + name +
                      "\":" + random_schema(random, depth + 1);
        if (random() % 2 != 0)
            required += std::string(required.empty() ? "\"" : ",\"") + name + "\"";
    }
    return R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required +
           "]}";
}

TEST(SchemaSample, SatisfiesItsSchema) {
    std::mt19937 random(11);
    for (int round = 0; round < 500; ++round) {
        const std::string schema = random_schema(random, 0);
        const std::string sample = schema_sample(schema, "ccr demo");
        json::Document schemas, samples;
        const auto shape = schemas.parse(schema), value = samples.parse(sample);
        ASSERT_TRUE(shape && value) << sample;
        EXPECT_TRUE(valid(*value, *shape)) << schema << "\n" << sample;
    }
}

}  // namespace
}  // namespace ccr::demo
