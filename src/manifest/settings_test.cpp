#include "manifest/settings.h"

#include <gtest/gtest.h>

namespace ccr::manifest {
namespace {

Json settings(const std::string& text) {
    auto manifest = parse_manifest(text, "/presets/shop");
    if (!manifest) return manifest.error().message;
    auto document = settings_of(*manifest);
    return document ? *document->root : Json(document.error().message);
}

TEST(Settings, AreTheMembersThatAreNeitherMetadataNorDynamic) {
    EXPECT_EQ(
        settings(R"({name: "x", version: "1", schema: [], Router: {default: "p,#{m}"}, PORT: 1})"),
        Json::parse(R"({"Router":{"default":"p,#{m}"},"PORT":1})"));
}

TEST(Settings, AnswersTakeTheirPlaces) {
    EXPECT_EQ(
        settings(R"({schema: [{id: "key"}, {id: "m"}], key: "", userValues: {key: "sk", m: 4},
                           Providers: [{name: "p", api_key: "#{key}", models: ["x-#{m}-{{m}}", "#{unknown}", "{{other}}"]}]})"),
        Json::parse(
            R"({"Providers":[{"name":"p","api_key":"sk","models":["x-4-4","","{{other}}"]}]})"));
}

TEST(Settings, OfATemplateAreNothingElse) {
    EXPECT_EQ(
        settings(R"({schema: [{id: "m"}], userValues: {m: "fast"}, Router: {default: "ignored"},
                           template: {Router: {default: "p,#{m}"}}})"),
        Json::parse(R"({"Router":{"default":"p,fast"}})"));
}

TEST(Settings, MappingsPutTypedValues) {
    EXPECT_EQ(
        settings(
            R"({schema: [{id: "limit", type: "number"}, {id: "on", type: "confirm"}], userValues: {limit: 7, on: true},
                           configMappings: [
                             {target: "limits.per_client", value: "#{limit}"},
                             {target: "Router.background", value: "p,small", when: {field: "on", value: true}},
                             {target: "Router.think", value: "p,big", when: {field: "on", value: false}}]})"),
        Json::parse(R"({"limits":{"per_client":7},"Router":{"background":"p,small"}})"));
}

TEST(Settings, AMappingToNoPlaceIsTold) {
    const Json told = settings(
        R"({schema: [{id: "a", defaultValue: 1}], configMappings: [{target: "a..b", value: 1}]})");
    ASSERT_TRUE(told.is_string());
    EXPECT_NE(told.get<std::string>().find("/presets/shop/manifest.json: configMappings"),
              std::string::npos);
}

TEST(Settings, AnAnswerMayNameItsPlace) {
    EXPECT_EQ(settings(R"({userValues: {"Providers[0].api_key": "k"}, Providers: [{name: "p"}]})"),
              Json::parse(R"({"Providers":[{"name":"p","api_key":"k"}]})"));
}

TEST(Settings, X13PathsOfScriptsAreInThePresetsDirectory) {
    EXPECT_EQ(
        settings(
            R"({transformers: [{path: "a.js"}, {path: "/b.js"}, {path: "~/c.js"}, {path: "C:\\d.js"}],
                           CUSTOM_ROUTER_PATH: "./router.js",
                           StatusLine: {default: {modules: [{scriptPath: "line.js"}, {type: "model"}]}}})"),
        Json::parse(
            R"({"transformers":[{"path":"/presets/shop/a.js"},{"path":"/b.js"},{"path":"~/c.js"},{"path":"C:\\d.js"}],
                           "CUSTOM_ROUTER_PATH":"/presets/shop/router.js",
                           "StatusLine":{"default":{"modules":[{"scriptPath":"/presets/shop/line.js"},{"type":"model"}]}}})"));
}

TEST(Settings, KeepTheirPlacesInTheFile) {
    auto manifest =
        parse_manifest("{\n schema: [{id: \"a\", defaultValue: 1}],\n template: {\n  Router: {}}}",
                       "/presets/shop");
    ASSERT_TRUE(manifest);
    const auto document = settings_of(*manifest);
    ASSERT_TRUE(document);
    EXPECT_EQ(document->spans.at("/Router").name.line, 4);
}

TEST(Settings, ForTheServiceHoldNothingOfTheLaunch) {
    auto manifest = parse_manifest(
        R"({noServer: true, claudeCodeSettings: {}, provider: "p", PORT: 1})", "/presets/shop");
    ASSERT_TRUE(manifest);
    EXPECT_EQ(*configuration_of(*manifest)->root, Json::parse(R"({"PORT":1})"));
}

}  // namespace
}  // namespace ccr::manifest
