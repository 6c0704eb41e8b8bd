// Tokenizing: source code, prose, and what is unkind to tokenizers. Single-threaded; every
// iteration encodes the whole text again.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tokens/choose.h"
#include "tokens/count.h"

namespace ccr {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;

// The project's own sources, one after the other.
std::string source_code() {
    std::string text;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(CCR_SOURCE_DIR "/src")) {
        const auto extension = entry.path().extension();
        if (extension == ".h" || extension == ".cpp") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream in(file);
        text.append(std::istreambuf_iterator<char>(in), {});
    }
    return text;
}

std::string base64() {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t state = 1;
    while (text.size() < kMegabyte) {
        state = state * 1664525 + 1013904223;
        text += kLetters[state >> 26];
    }
    return text;
}

std::string text_of(int kind) {
    if (kind == 0) return source_code();
    if (kind == 1) return std::string(kMegabyte, 'a');
    if (kind == 2) return base64();
    return std::string(kMegabyte, ' ');
}

void count(benchmark::State& state, const tokens::Encoding& encoding) {
    static constexpr const char* kNames[] = {"source code", "one letter", "base64", "spaces"};
    const std::string text = text_of(static_cast<int>(state.range(0)));
    std::size_t tokens = 0;
    for (auto _ : state) benchmark::DoNotOptimize(tokens = encoding.count(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
    state.SetLabel(kNames[state.range(0)]);
    state.counters["tokens"] = static_cast<double>(tokens);
}

void count_cl100k(benchmark::State& state) {
    count(state, tokens::cl100k());
}
void count_o200k(benchmark::State& state) {
    count(state, tokens::o200k());
}
BENCHMARK(count_cl100k)->DenseRange(0, 3);
BENCHMARK(count_o200k)->DenseRange(0, 3);

// A conversation of 600 KB in blocks of 6 KB, which has one turn more at every iteration: all but
// the last was counted before.
void recount_grown_conversation(benchmark::State& state) {
    const std::string code = source_code();
    std::vector<std::string> blocks;
    for (std::size_t i = 0; i < 100; ++i) blocks.push_back(code.substr(i * 6000, 6000));
    chat::Conversation conversation;
    const auto add_turn = [&](std::string_view text) {
        chat::Part part;
        part.body = chat::Prose{json::Text::from_escaped(text)};
        chat::Turn turn;
        turn.parts.push_back(std::move(part));
        conversation.turns.push_back(std::move(turn));
    };
    for (const std::string& block : blocks) add_turn(block);
    const tokens::Counter counter(tokens::encoding_of_model("gpt-5"), "gpt-5");
    counter.count(conversation);
    std::string tail = "A question of the user's, in some sixty bytes, number 0000000";
    int number = 0;
    for (auto _ : state) {
        tail.replace(tail.size() - 7, 7, std::to_string(1'000'000 + number++));
        add_turn(tail);
        benchmark::DoNotOptimize(counter.count(conversation));
        conversation.turns.pop_back();
    }
}
BENCHMARK(recount_grown_conversation);

}  // namespace
}  // namespace ccr
