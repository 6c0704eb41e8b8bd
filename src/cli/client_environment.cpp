#include "cli/client_environment.h"

#include <algorithm>
#include <cstdint>

namespace ccr::cli {
namespace {

std::vector<std::string> entries_of(const std::string& list) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin <= list.size()) {
        const std::size_t end = std::min(list.find_first_of(", \t", begin), list.size());
        std::string entry = list.substr(begin, end - begin);
        if (!entry.empty()) out.push_back(std::move(entry));
        begin = end + 1;
    }
    return out;
}

struct Target {
    const config::Provider* provider = nullptr;  // nullptr = the demo
    std::string model;
};

Target default_target(const config::Config& config) {
    if (config.demo || config.providers.empty()) return {};
    if (const auto& model = config.routing.fallback_default) {
        return {config.find_provider(model->provider), model->model};
    }
    const config::Provider& first = config.providers.front();
    return {&first, first.models.empty() ? "" : first.models.front()};
}

// The attribution text at the front of a prompt changes with every request: it would spoil the
// prefix cache of any target but Anthropic's, which knows it.
bool knows_attribution(const Target& target) {
    return target.provider != nullptr && target.provider->speaks == Protocol::anthropic;
}

// As of Claude Code 2.1: less is taken for this much, with a warning.
constexpr std::int64_t kLeastCompactWindow = 100'000;
// What the client asks for when nothing is said. A higher cap would only take room from the input.
constexpr std::int64_t kUsualMaxOutput = 32'000;

// The client believes every model to be as large as Anthropic's, and would fill a smaller window
// until requests fail. Of names that are not Anthropic's it takes the first variable for true; the
// second one makes it compact in time whatever the model's name is.
void add_limits(std::vector<Variable>& out, const Target& target,
                const config::Environment& environment) {
    if (target.provider == nullptr) return;
    const config::Preset* preset = target.provider->preset;
    if (preset != nullptr && preset->name == "anthropic") return;
    const config::Traits traits = config::traits_of(*target.provider, target.model);
    const auto add = [&](const char* name, std::int64_t value) {
        if (!environment(name)) out.push_back({name, std::to_string(value), true});
    };
    if (const auto window = traits.context_window) {
        add("CLAUDE_CODE_MAX_CONTEXT_TOKENS", *window);
        add("CLAUDE_CODE_AUTO_COMPACT_WINDOW", std::max(*window, kLeastCompactWindow));
    }
    if (traits.max_output && *traits.max_output < kUsualMaxOutput) {
        add("CLAUDE_CODE_MAX_OUTPUT_TOKENS", *traits.max_output);
    }
}

void add_no_proxy(std::vector<Variable>& out, const std::string& endpoint,
                  const config::Environment& environment) {
    std::vector<std::string> hosts{"127.0.0.1", "localhost"};
    const std::string own = host_of(endpoint);
    if (std::ranges::find(hosts, own) == hosts.end()) hosts.push_back(own);
    const std::string upper = environment("NO_PROXY").value_or("");
    const std::string lower = environment("no_proxy").value_or("");
    out.push_back({"NO_PROXY", extended_no_proxy(upper.empty() ? lower : upper, hosts)});
    out.push_back({"no_proxy", extended_no_proxy(lower.empty() ? upper : lower, hosts)});
}

}  // namespace

std::string extended_no_proxy(const std::string& list, const std::vector<std::string>& hosts) {
    const std::vector<std::string> entries = entries_of(list);
    if (std::ranges::find(entries, "*") != entries.end()) return list;
    std::string out = list;
    for (const std::string& host : hosts) {
        if (std::ranges::find(entries, host) != entries.end()) continue;
        out += (entries_of(out).empty() ? "" : ",") + host;
    }
    return out;
}

std::string host_of(const std::string& endpoint) {
    const auto scheme = endpoint.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    if (begin < endpoint.size() && endpoint[begin] == '[') {
        return endpoint.substr(begin + 1, endpoint.find(']', begin) - begin - 1);
    }
    return endpoint.substr(begin, endpoint.find_first_of(":/", begin) - begin);
}

std::vector<Variable> client_environment(const config::Config& config, const std::string& endpoint,
                                         const config::Environment& environment) {
    const std::string& key = config.access.api_key;
    std::vector<Variable> out{
        {"ANTHROPIC_BASE_URL", endpoint},
        // One credential, never both: the client warns of two and may take the wrong one.
        {"ANTHROPIC_AUTH_TOKEN", key.empty() ? "test" : key},
        {"ANTHROPIC_API_KEY", std::nullopt}};
    add_no_proxy(out, endpoint, environment);
    out.push_back({"DISABLE_TELEMETRY", "true"});
    out.push_back({"DISABLE_COST_WARNINGS", "true"});
    out.push_back({"API_TIMEOUT_MS", config.launch.api_timeout_ms});
    out.push_back({"CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1"});
    const Target target = default_target(config);
    if (!knows_attribution(target)) out.push_back({"CLAUDE_CODE_ATTRIBUTION_HEADER", "0"});
    add_limits(out, target, environment);
    for (const char* cloud :
         {"CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"}) {
        out.push_back({cloud, std::nullopt});
    }
    if (!config.launch.non_interactive) return out;
    for (const auto& [name, value] : {std::pair{"CI", "true"},
                                      {"FORCE_COLOR", "0"},
                                      {"NODE_NO_READLINE", "1"},
                                      {"TERM", "dumb"}}) {
        out.push_back({name, value});
    }
    return out;
}

}  // namespace ccr::cli
