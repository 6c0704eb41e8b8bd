#include "adapt/preset_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "config/loader.h"

namespace ccr::adapt::fixture {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string text_of(const fs::path& path) {
    std::stringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

// What a platform needs beside its name.
std::string settings_of(const config::Preset& preset) {
    if (preset.name == "azure")
        return ", api_base_url: 'https://r.openai.azure.com', azure: {deployment: 'd'}";
    if (preset.name == "bedrock") return ", aws: {region: 'us-east-1'}";
    if (preset.name == "vertex") return ", vertex: {project: 'p', location: 'us-east5'}";
    return "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> recorded() {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry :
         fs::directory_iterator(fs::path(CCR_SOURCE_DIR) / "tests/fixtures/claude-code")) {
        const Json record = Json::parse(text_of(entry.path()));
        const Json& body = record["body"];
        if (body.is_object() && body.contains("messages"))
            out.emplace_back(entry.path().stem().string(), body.dump());
    }
    return out;
}

config::Config configured(const config::Preset& preset, std::string_view more) {
    const auto nothing = [](std::string_view) -> std::optional<std::string> { return {}; };
    const std::string text = fmt::format(
        "{{Providers: [{{name: 'p', preset: '{}', api_key: 'k', models: ['m']{}{}}}], Router: "
        "{{default: 'p,m'}}}}",
        preset.name, settings_of(preset), more);
    auto config = config::parse_config(text, "test.json", nothing);
    EXPECT_TRUE(config) << text;
    return config ? *std::move(config) : config::Config{};
}

std::vector<std::string> models_of(const config::Preset& preset) {
    std::vector<std::string> out = {"m"};
    for (config::ModelTraits entry : preset.models) {
        if (entry.model.ends_with('*')) entry.model.back() = 'x';
        out.push_back(entry.model);
    }
    return out;
}

}  // namespace ccr::adapt::fixture
