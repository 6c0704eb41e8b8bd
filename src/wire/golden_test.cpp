// Golden files: every recorded request of Claude Code as Chat gets it, every written Chat stream as
// a Messages client gets it. CCR_UPDATE_GOLDEN=1 writes them anew; the difference is for a person
// to read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "wire/relay_fixture.h"
#include "wire/request_model_fixture.h"

namespace ccr::wire {
namespace {

bool updating() {
    return std::getenv("CCR_UPDATE_GOLDEN") != nullptr;
}

void compare(const std::filesystem::path& golden, const std::string& text) {
    if (updating()) {
        std::filesystem::create_directories(golden.parent_path());
        std::ofstream(golden, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read_file(golden), text)
        << golden.filename() << " differs: look at it, or run with CCR_UPDATE_GOLDEN=1";
}

std::filesystem::path golden_folder(std::string_view name) {
    return std::filesystem::path(CCR_SOURCE_DIR) / "tests" / "golden" / name;
}

struct RequestCase {
    std::string_view folder, prefix;  // of the recorded requests
    Protocol from, to;
    std::string_view suffix;
    int at_least;
};

constexpr Target kGoogle{"google", "gemini-3.8-pro", "https://google.example/v1beta/models/", "key",
                         true};

// What a target of the case's protocol gets for every recorded request, and what was lost.
void compare_requests(const RequestCase& one) {
    int seen = 0;
    for (const auto& path : test_files(one.folder, ".json")) {
        const std::string body = recorded_body(path);
        if (body.empty() || !stem_of(path).starts_with(one.prefix)) continue;
        const DecodedRequest request(*codec_of(one.from), body);
        ASSERT_TRUE(request.conversation) << path << request.conversation.error().message;
        const Encoded encoded = codec_of(one.to)->encode_request(
            *request.conversation, one.to == Protocol::gemini ? kGoogle : kTestTarget);
        std::string losses;
        for (const chat::Loss& loss : encoded.losses)
            losses += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
        const std::string stem = fmt::format("{}.{}", stem_of(path), one.suffix);
        compare(golden_folder("requests") / (stem + ".json"), indented(encoded.body));
        const std::string losses_name = one.suffix == "to.chat" ? stem_of(path) : stem;
        compare(golden_folder("requests") / (losses_name + ".losses.txt"), losses);
        ++seen;
    }
    EXPECT_GE(seen, one.at_least);
}

TEST(Golden, RecordedRequestsToChat) {
    compare_requests(
        {"fixtures/claude-code", "", Protocol::anthropic, Protocol::openai_chat, "to.chat", 27});
}

TEST(Golden, RecordedRequestsToGemini) {
    compare_requests(
        {"fixtures/claude-code", "", Protocol::anthropic, Protocol::gemini, "to.gemini", 27});
}

TEST(Golden, GeminiRequestsToMessagesAndChat) {
    for (const std::string_view folder : {"fixtures/gemini", "fixtures/opencode"}) {
        const std::string_view prefix = folder.ends_with("opencode") ? "gemini-" : "";
        const std::string from = prefix.empty() ? "gemini-cli" : "opencode";
        const std::string to_messages = from + ".to.messages", to_chat = from + ".to.chat";
        compare_requests({folder, prefix, Protocol::gemini, Protocol::anthropic, to_messages, 3});
        compare_requests({folder, prefix, Protocol::gemini, Protocol::openai_chat, to_chat, 3});
    }
}

// Every written stream of one protocol as a client of another gets it.
void compare_streams(std::string_view ending, Protocol from, Protocol to, std::string_view suffix,
                     int at_least) {
    int seen = 0;
    for (const auto& path : written_streams(ending)) {
        const Relayed got = relay(*codec_of(from), *codec_of(to), {read_file(path)});
        compare(golden_folder("streams") / fmt::format("{}.{}.sse", stem_of(path), suffix),
                got.bytes);
        ++seen;
    }
    EXPECT_GE(seen, at_least);
}

TEST(Golden, ChatStreamsToMessages) {
    compare_streams(".chat.sse", Protocol::openai_chat, Protocol::anthropic, "to.messages", 30);
}

TEST(Golden, ChatStreamsToGemini) {
    compare_streams(".chat.sse", Protocol::openai_chat, Protocol::gemini, "to.gemini", 30);
}

TEST(Golden, GeminiStreamsToMessages) {
    compare_streams(".gemini.sse", Protocol::gemini, Protocol::anthropic, "to.messages", 12);
}

}  // namespace
}  // namespace ccr::wire
