#include "config/config_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ccr::config::fixture {

Environment environment(Variables variables) {
    return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
}

Config parsed(std::string_view text, Variables variables) {
    auto config = parse_config(text, "test.json", environment(std::move(variables)));
    if (!config) {
        ADD_FAILURE() << config.error().message;
        return {};
    }
    return *std::move(config);
}

Config with_provider(std::string_view provider, Variables variables) {
    return parsed(fmt::format("{{Providers: [{}], Router: {{default: 'a,m'}}}}", provider),
                  std::move(variables));
}

std::vector<std::string> codes(const Config& config) {
    std::vector<std::string> out;
    for (const Finding& finding : config.findings) out.push_back(finding.code);
    return out;
}

bool has(const Config& config, std::string_view code) {
    return std::ranges::any_of(config.findings, [&](const Finding& f) { return f.code == code; });
}

Finding found(const Config& config, std::string_view code) {
    for (const Finding& finding : config.findings) {
        if (finding.code == code) return finding;
    }
    ADD_FAILURE() << "no finding " << code
                  << "; there are: " << testing::PrintToString(codes(config));
    return {};
}

}  // namespace ccr::config::fixture
