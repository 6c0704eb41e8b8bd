#include "doctor/reached.h"

#include <algorithm>

namespace ccr::doctor {
namespace {

using config::ModelRef;

void add(std::vector<ModelRef>& out, const ModelRef& target) {
    if (std::ranges::find(out, target) == out.end()) out.push_back(target);
}

}  // namespace

std::vector<ModelRef> routed_models(const config::Routing& routing) {
    std::vector<ModelRef> out;
    for (const auto& route : {routing.fallback_default, routing.background, routing.think,
                              routing.long_context, routing.web_search, routing.image}) {
        if (route) add(out, *route);
    }
    for (const config::ModelName& name : routing.models) add(out, name.target);
    for (const auto& [scenario, targets] : routing.fallback) {
        for (const ModelRef& target : targets) add(out, target);
    }
    return out;
}

bool is_reached(const config::Routing& routing, const ModelRef& model) {
    std::vector<ModelRef> all = routed_models(routing);
    for (const config::Rule& rule : routing.rules) {
        if (rule.use) all.push_back(*rule.use);
        all.insert(all.end(), rule.fallback.begin(), rule.fallback.end());
    }
    return std::ranges::find(all, model) != all.end();
}

}  // namespace ccr::doctor
