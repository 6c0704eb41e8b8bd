// What one log line costs, written to a file and redacted; and the redactor alone.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/log.h"
#include "base/redact.h"

namespace {

void set_twenty_secrets() {
    std::vector<std::string> secrets;
    for (int i = 0; i < 20; ++i)
        secrets.push_back("sk-provider-key-" + std::to_string(i) + "-0123456789abcdef");
    ccr::redact::set_secrets(std::move(secrets));
}

void log_line(benchmark::State& state) {
    std::string directory =
        (std::filesystem::temp_directory_path() / "ccr-log-bench-XXXXXX").string();
    if (::mkdtemp(directory.data()) == nullptr)
        return state.SkipWithError("no temporary directory");
    set_twenty_secrets();
    ccr::log::Settings settings;
    settings.to_file = true;
    settings.directory = directory + "/logs";
    ccr::log::configure(settings);
    for (auto _ : state) {
        ccr::log::info("request settled", {{"reqId", "req_011CSHoEeqs5C35K2UUqR7Fy"},
                                           {"target", "openrouter,anthropic/claude-sonnet-4"},
                                           {"lane", "translated"},
                                           {"status", std::int64_t{200}},
                                           {"ms", 1234.5},
                                           {"input", std::int64_t{48213}}});
    }
    ccr::log::shutdown();
    std::filesystem::remove_all(directory);
}
BENCHMARK(log_line);

void redact_clean_text(benchmark::State& state) {
    set_twenty_secrets();
    std::string text;
    while (text.size() < static_cast<std::size_t>(state.range(0))) {
        text += R"({"model":"gpt-5-mini","input_tokens":1234,"msg":"request settled in 12 ms"},)";
    }
    for (auto _ : state) {
        ccr::redact::scrub(text);
        benchmark::DoNotOptimize(text.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(redact_clean_text)->Arg(300)->Arg(1 << 20);

}  // namespace
