// Schemas for the tests of converters: those of every tool that the recorded clients send, and
// random ones. Header only; the same from the same seed.
#pragma once

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "json/random_json_fixture.h"

namespace ccr::chat::fixture {

// Whatever a JSON text holds under the names that tools' schemas have.
inline void gather_schemas(const nlohmann::json& value, std::vector<std::string>& schemas) {
    if (value.is_array()) {
        for (const nlohmann::json& one : value) gather_schemas(one, schemas);
    } else if (value.is_object()) {
        for (const auto& [key, one] : value.items()) {
            const bool is_schema = key == "input_schema" || key == "parameters" ||
                                   key == "parametersJsonSchema" || key == "schema";
            if (is_schema && one.is_object())
                schemas.push_back(one.dump());
            else
                gather_schemas(one, schemas);
        }
    }
}

/// As texts; of recorded requests below tests/fixtures/.
inline std::vector<std::string> recorded_schemas() {
    std::vector<std::string> schemas;
    const auto root = std::filesystem::path(CCR_SOURCE_DIR) / "tests" / "fixtures";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream file(entry.path());
        const auto recorded = nlohmann::json::parse(file, nullptr, false);
        if (recorded.is_object() && recorded.contains("body"))
            gather_schemas(recorded["body"], schemas);
    }
    return schemas;
}

inline nlohmann::json random_schema_value(json::Random& r, int depth) {
    using Json = nlohmann::json;
    static constexpr auto kTypes = std::to_array<const char*>(
        {"string", "number", "integer", "boolean", "null", "object", "array", "String", "any"});
    Json out = Json::object();
    if (r.chance(0.7)) out["type"] = r.pick(kTypes);
    if (r.chance(0.1)) out["type"] = {r.pick(kTypes), r.pick(kTypes)};
    if (r.chance(0.1)) out["enum"] = {"a", 1, nullptr, true, "", Json::object()};
    if (r.chance(0.1)) out["const"] = r.chance(0.5) ? Json(3) : Json(nullptr);
    if (r.chance(0.1)) out["format"] = "uuid";
    if (r.chance(0.1)) out["minLength"] = r.chance(0.5) ? Json(1) : Json("x");
    if (r.chance(0.1)) out["minimum"] = r.chance(0.5) ? Json(0.5) : Json(nullptr);
    if (r.chance(0.1)) out["$ref"] = r.pick(std::array{"#", "#/properties/p0", "#/nope", "x"});
    if (r.chance(0.3)) out["description"] = "d\"\n";
    if (r.chance(0.1)) out["required"] = {"p0", 7, "gone"};
    if (r.chance(0.1)) out["if"] = Json::object();
    if (depth <= 0) return out;
    for (const char* list : {"anyOf", "oneOf", "allOf", "prefixItems"}) {
        for (std::size_t n = r.chance(0.15) ? r.below(4) : 0; n > 0; --n)
            out[list].push_back(random_schema_value(r, depth - 1));
    }
    if (r.chance(0.3))
        out["items"] = r.chance(0.1) ? Json(true) : random_schema_value(r, depth - 1);
    for (std::size_t n = r.chance(0.5) ? r.below(4) : 0; n > 0; --n)
        out["properties"][fmt::format("p{}", n - 1)] = random_schema_value(r, depth - 1);
    return out;
}

inline std::string random_schema(json::Random& r, int depth) {
    return random_schema_value(r, depth).dump();
}

}  // namespace ccr::chat::fixture
