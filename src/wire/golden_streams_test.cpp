// Golden streams: what a client of each protocol gets for streams that were written by hand, one
// for each habit of a server or way to fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "wire/client_requests_fixture.h"
#include "wire/golden_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

// Chat and Gemini servers have many habits, which no client's protocol tells apart: there all of
// them are written out for some clients, and these for the others.
constexpr auto kForEveryClient = std::to_array<std::string_view>({"annotations",
                                                                  "blocked-prompt",
                                                                  "call-with-signature",
                                                                  "calls-interleaved",
                                                                  "content-filter",
                                                                  "error-first",
                                                                  "error-inside",
                                                                  "grounding",
                                                                  "length",
                                                                  "max-tokens",
                                                                  "parallel-calls-chunks",
                                                                  "quota-in-stream",
                                                                  "reasoning-content",
                                                                  "reasoning-details-phases",
                                                                  "refusal",
                                                                  "safety",
                                                                  "signature-before-text",
                                                                  "stop-sequence",
                                                                  "text",
                                                                  "text-call-text",
                                                                  "thoughts-then-call",
                                                                  "truncated"});

bool is_written_out(Protocol from, Protocol to, std::string_view name) {
    if (from == Protocol::anthropic || from == Protocol::openai_responses) return true;
    if (to == Protocol::anthropic) return true;
    if (from == Protocol::openai_chat && to == Protocol::gemini) return true;
    return std::ranges::find(kForEveryClient, name) != kForEveryClient.end();
}

class GoldenStreams : public testing::TestWithParam<Protocol> {};

TEST_P(GoldenStreams, AreAsTheyWereRead) {
    const Protocol from = GetParam();
    const auto paths = written_streams(short_name(from));
    EXPECT_GE(paths.size(), 9u);
    for (const auto& path : paths) {
        for (const Protocol to : kProtocols) {
            if (!is_written_out(from, to, stem_of(path))) continue;
            const Relayed got = relay(*codec_of(from), *codec_of(to), {read_file(path)});
            expect_golden(fmt::format("streams/{}/{}.to.{}.sse", short_name(from), stem_of(path),
                                      short_name(to)),
                          got.bytes);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(From, GoldenStreams, testing::ValuesIn(kProtocols),
                         [](const auto& one) { return std::string(short_name(one.param)); });

}  // namespace
}  // namespace ccr::wire
