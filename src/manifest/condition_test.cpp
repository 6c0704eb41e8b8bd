#include "manifest/condition.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ccr::manifest {
namespace {

using Json = nlohmann::ordered_json;

struct Case {
    const char* when;
    const char* values;
    bool expected;
};

class Condition : public testing::TestWithParam<Case> {};

TEST_P(Condition, Holds) {
    const Case& c = GetParam();
    EXPECT_EQ(holds(Json::parse(c.when), Json::parse(c.values)), c.expected)
        << c.when << " " << c.values;
}

INSTANTIATE_TEST_SUITE_P(
    All, Condition,
    testing::Values(
        Case{"null", "{}", true}, Case{"{}", "{}", true},
        Case{R"({"field":"a","value":1})", R"({"a":1})", true},
        Case{R"({"field":"a","value":1})", R"({"a":"1"})", false},
        Case{R"({"field":"a","operator":"strange","value":1})", R"({"a":1})", true},
        Case{R"({"field":"a","operator":"ne","value":1})", "{}", true},
        Case{R"({"field":"a","operator":"ne","value":1})", R"({"a":1})", false},
        Case{R"({"field":"a","operator":"gt","value":9})", R"({"a":10})", true},
        Case{R"({"field":"a","operator":"gt","value":9})", R"({"a":"10"})", true},
        Case{R"({"field":"a","operator":"gt","value":"9"})", R"({"a":"10"})", false},
        Case{R"({"field":"a","operator":"lt","value":9})", R"({"a":"x"})", false},
        Case{R"({"field":"a","operator":"gte","value":9})", "{}", false},
        Case{R"({"field":"a","operator":"lte","value":9})", R"({"a":9})", true},
        Case{R"({"field":"a","operator":"in","value":["x","y"]})", R"({"a":"y"})", true},
        Case{R"({"field":"a","operator":"in","value":"y"})", R"({"a":"y"})", false},
        Case{R"({"field":"a","operator":"nin","value":["x"]})", R"({"a":"y"})", true},
        Case{R"({"field":"a","operator":"nin","value":"x"})", R"({"a":"y"})", false},
        Case{R"({"field":"a","operator":"exists"})", R"({"a":""})", true},
        Case{R"({"field":"a","operator":"exists"})", R"({"a":null})", false},
        Case{R"([{"field":"a","value":1},{"field":"b","value":2}])", R"({"a":1,"b":2})", true},
        Case{R"([{"field":"a","value":1},{"field":"b","value":2}])", R"({"a":1,"b":3})", false}));

}  // namespace
}  // namespace ccr::manifest
