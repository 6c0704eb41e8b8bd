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

TEST(Golden, RecordedRequestsToChat) {
    int seen = 0;
    for (const auto& path : test_files("fixtures/claude-code", ".json")) {
        const std::string body = recorded_body(path);
        if (body.empty()) continue;
        const DecodedRequest request(*codec_of(Protocol::anthropic), body);
        ASSERT_TRUE(request.conversation) << path << request.conversation.error().message;
        const Encoded encoded =
            codec_of(Protocol::openai_chat)->encode_request(*request.conversation, kTestTarget);
        std::string losses;
        for (const chat::Loss& loss : encoded.losses)
            losses += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
        compare(golden_folder("requests") / (stem_of(path) + ".to.chat.json"),
                indented(encoded.body));
        compare(golden_folder("requests") / (stem_of(path) + ".losses.txt"), losses);
        ++seen;
    }
    EXPECT_GE(seen, 27);
}

TEST(Golden, ChatStreamsToMessages) {
    int seen = 0;
    for (const auto& path : test_files("golden/streams", ".chat.sse")) {
        const std::string stream = read_file(path);
        const Relayed got =
            relay(*codec_of(Protocol::openai_chat), *codec_of(Protocol::anthropic), {stream});
        compare(golden_folder("streams") / (stem_of(path) + ".to.messages.sse"), got.bytes);
        ++seen;
    }
    EXPECT_GE(seen, 30);
}

}  // namespace
}  // namespace ccr::wire
