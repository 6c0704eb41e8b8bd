// What one request costs inside ccr, without sockets: index, decode, encode, splice, and a streamed
// answer.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>

#include "json/splice.h"
#include "json/writer.h"
#include "tokens/estimate.h"
#include "wire/codec.h"

namespace ccr {
namespace {

// A recorded first turn, grown to `size` bytes by tool results such as a working day brings.
std::string request_of(std::size_t size) {
    std::ifstream file(CCR_SOURCE_DIR "/tests/fixtures/claude-code/tool-result-turn.json");
    const std::string recorded{std::istreambuf_iterator<char>(file), {}};
    json::Document document;
    const auto root = document.parse(recorded);
    const json::View body = root ? (*root)["body"] : json::View();
    std::string turns;
    const std::string line =
        R"(  auto result = table.find(\"key\");  // 42 bytes of code, more or less\n)";
    while (turns.size() + body.raw().size() < size) {
        turns +=
            R"(,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"Read","input":{"file_path":"a.cpp"}}]})";
        turns +=
            R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":")";
        for (int i = 0; i < 100; ++i) turns += line;
        turns += "\"}]}";
    }
    const json::View messages = body["messages"];
    const std::uint32_t at = messages.end() - 1;
    const std::string whole = json::apply(recorded, {{at, at, turns}});
    json::Document grown;
    const auto again = grown.parse(whole);
    return std::string((*again)["body"].raw());
}

wire::Target target() {
    return {"mock", "mock-large", "http://127.0.0.1/v1/chat/completions", "key", true};
}

void parse(benchmark::State& state) {
    const std::string body = request_of(static_cast<std::size_t>(state.range(0)));
    json::Document document;
    for (auto _ : state) benchmark::DoNotOptimize(document.parse(body));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

void translate(benchmark::State& state) {
    const std::string body = request_of(static_cast<std::size_t>(state.range(0)));
    const auto& client = *wire::codec_of(Protocol::anthropic);
    const auto& upstream = *wire::codec_of(Protocol::openai_chat);
    json::Document document;
    for (auto _ : state) {
        const auto root = document.parse(body);
        const auto conversation = client.decode_request(*root, {});
        benchmark::DoNotOptimize(tokens::estimate(*conversation));
        benchmark::DoNotOptimize(upstream.encode_request(*conversation, target()));
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

void splice(benchmark::State& state) {
    const std::string body = request_of(static_cast<std::size_t>(state.range(0)));
    const auto& codec = *wire::codec_of(Protocol::anthropic);
    json::Document document;
    for (auto _ : state) {
        const auto root = document.parse(body);
        benchmark::DoNotOptimize(codec.splice_request(*root, target()));
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

void stream(benchmark::State& state) {
    std::string upstream =
        R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
        "\n\n";
    for (int i = 0; i < 120; ++i) {
        upstream +=
            R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"some words "},"finish_reason":null}]})"
            "\n\n";
    }
    upstream +=
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    for (auto _ : state) {
        net::SseParser parser;
        const auto decoder = wire::codec_of(Protocol::openai_chat)->open_decoder(target());
        const auto encoder =
            wire::codec_of(Protocol::anthropic)->open_encoder({"req", 10, "m", true});
        chat::Events events;
        std::string out;
        parser.feed(upstream, [&](const net::SseMessage& message) {
            events.clear();
            decoder->feed(message, events);
            for (const chat::StreamEvent& event : events) encoder->feed(event, out);
        });
        benchmark::DoNotOptimize(out);
    }
    state.SetItemsProcessed(state.iterations() * 120);
}

BENCHMARK(parse)->Arg(50'000)->Arg(115'000)->Arg(600'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(translate)->Arg(50'000)->Arg(115'000)->Arg(600'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(splice)->Arg(50'000)->Arg(115'000)->Arg(600'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(stream)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ccr
