#include "gateway/demo_target.h"

namespace ccr::gateway {

config::ConfigPtr with_demo(const config::ConfigPtr& config, const std::string& demo_url) {
    if (!config->demo || demo_url.empty() || !config->providers.empty()) return config;
    auto copy = std::make_shared<config::Config>(*config);
    config::Provider demo;
    demo.name = "demo";
    demo.base_url = demo_url + "/v1/chat/completions";
    demo.models = {"demo"};
    copy->providers.push_back(std::move(demo));
    copy->index_models();
    copy->routing = {};
    copy->routing.fallback_default = config::ModelRef{"demo", "demo", {}};
    return copy;
}

}  // namespace ccr::gateway
