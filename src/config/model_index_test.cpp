#include "config/model_index.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace ccr::config {
namespace {

Provider provider(std::string name, std::vector<std::string> models) {
    Provider out;
    out.name = std::move(name);
    out.models = std::move(models);
    return out;
}

std::string found(const Config& config, std::string_view model) {
    const auto ref = config.find_model(model);
    return ref ? ref->provider + "," + ref->model : "nobody";
}

TEST(ModelIndex, ExactNamesGoBeforeOthersCase) {
    Config config;
    config.providers = {provider("one", {"Qwen3:8b", "shared"}),
                        provider("two", {"qwen3:8B", "shared", "org/Deep"})};
    config.index_models();
    EXPECT_EQ(found(config, "qwen3:8B"), "two,qwen3:8B");
    EXPECT_EQ(found(config, "QWEN3:8B"), "one,Qwen3:8b") << "the first that differs only in case";
    EXPECT_EQ(found(config, "ORG/deep"), "two,org/Deep") << "the configuration's own spelling";
    EXPECT_EQ(found(config, "shared"), "one,shared");
    EXPECT_EQ(found(config, "deep"), "nobody");
    EXPECT_EQ(found(config, ""), "nobody");
}

TEST(ModelIndex, ABrokenProviderHidesNoWorkingOne) {
    Config config;
    config.providers = {provider("broken", {"shared", "alone"}), provider("whole", {"shared"})};
    config.providers[0].broken = Finding{};
    config.index_models();
    EXPECT_EQ(found(config, "shared"), "whole,shared");
    EXPECT_EQ(found(config, "alone"), "broken,alone") << "it can say what is wrong with it";
}

TEST(ModelIndex, StaysValidInACopy) {
    Config config;
    config.providers = {provider("one", {"big"})};
    config.index_models();
    const Config copy = config;
    config.providers.clear();
    EXPECT_EQ(found(copy, "big"), "one,big");
}

}  // namespace
}  // namespace ccr::config
