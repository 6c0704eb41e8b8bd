// What a routing decision costs, with its reasons: facts of a recorded request, a Router with every
// scenario, names and many rules of the user's.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string>

#include "config/loader.h"
#include "gateway/facts.h"

namespace ccr {
namespace {

struct Request {
    explicit Request(const std::string& name) {
        std::ifstream file(CCR_SOURCE_DIR "/tests/fixtures/claude-code/" + name + ".json");
        const std::string recorded{std::istreambuf_iterator<char>(file), {}};
        json::Document whole;
        const auto outer = whole.parse(recorded);
        body = std::string((*outer)["body"].raw());
        for (const auto& [key, value] : (*outer)["headers"].members())
            headers.add(key.text().decode(), value.text().decode());
        root = *document.parse(body);
        conversation = *wire::codec_of(Protocol::anthropic)->decode_request(root, {});
    }
    std::string body;
    net::Headers headers;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
};

config::Config config_with(int rules) {
    std::string text =
        "{Providers: [{name: 'p', api_base_url: 'https://p.invalid/v1/messages', api_key: 'k', "
        "models: ['a', 'b', 'c']}], Router: {default: 'p,a', background: 'p,b', think: 'p,c', "
        "longContext: 'p,c', webSearch: 'p,b', image: 'p,c', models: {fast: 'p,b', 'claude-3-*': "
        "'p,a', opus: 'p,a'}, rules: [";
    for (int i = 0; i < rules; ++i)
        text += fmt::format(
            "{{name: 'rule {}', when: {{model: '*opus*', effort: '>=low', tokens_over: 5, headers: "
            "{{'x-team': 'blue*'}}}}, use: 'p,b'}},",
            i);
    text += "]}}";
    return *config::parse_config(text, "bench.json5",
                                 [](auto) { return std::optional<std::string>(); });
}

void decide(benchmark::State& state) {
    const Request request("tool-result-turn");
    const config::Config config = config_with(static_cast<int>(state.range(0)));
    const route::Facts facts =
        gateway::facts_of(request.headers, request.conversation, Protocol::anthropic, {}, config);
    for (auto _ : state)
        benchmark::DoNotOptimize(route::decide(facts, config, route::Telling::briefly));
}
BENCHMARK(decide)->Arg(0)->Arg(5)->Arg(20)->Arg(200)->Unit(benchmark::kMicrosecond);

// Without the token estimate, which is measured with the tokens.
void gather_facts(benchmark::State& state) {
    const Request request("tool-result-turn");
    const config::Config config = config_with(5);
    for (auto _ : state)
        benchmark::DoNotOptimize(route::gather(request.conversation, Protocol::anthropic,
                                               request.headers, config.routing));
}
BENCHMARK(gather_facts)->Unit(benchmark::kMicrosecond);

void find_tags(benchmark::State& state) {
    const Request request("tool-result-turn");
    for (auto _ : state)
        benchmark::DoNotOptimize(route::find_subagent_tags(request.conversation, request.body));
}
BENCHMARK(find_tags)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ccr
