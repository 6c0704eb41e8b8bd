// docs/losses.md says what the code does: it is made of the encoders' tables, and what they record
// comes from nowhere else.
#include "wire/losses_document.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "wire/client_requests_fixture.h"
#include "wire/relay_fixture.h"
#include "wire/seal.h"

namespace ccr::wire {
namespace {

// CCR_UPDATE_GOLDEN=1 writes it anew.
TEST(LossesDocument, IsWhatTheTablesSay) {
    const auto path = std::filesystem::path(CCR_SOURCE_DIR) / "docs" / "losses.md";
    if (std::getenv("CCR_UPDATE_GOLDEN")) std::ofstream(path) << losses_document();
    EXPECT_EQ(read_file(path), losses_document()) << "run wire_test with CCR_UPDATE_GOLDEN=1";
}

std::set<std::string_view> reasons_of(const Codec& codec) {
    std::set<std::string_view> out;
    for (const NotCarried& row : codec.not_carried) out.insert(row.why);
    return out;
}

TEST(LossesDocument, EveryLossOfARecordedRequestIsInIt) {
    for (const ClientRequests& client : client_requests()) {
        for (const Protocol to : kProtocols) {
            const auto reasons = reasons_of(*codec_of(to));
            for (const RecordedRequest& one : recorded_requests(client)) {
                const DecodedRequest request(*codec_of(client.protocol), one.body);
                ASSERT_TRUE(request.conversation) << one.name;
                const Encoded encoded =
                    codec_of(to)->encode_request(*request.conversation, test_target(to));
                for (const chat::Loss& loss : encoded.losses)
                    EXPECT_TRUE(reasons.contains(loss.why)) << one.name << ": " << loss.why;
            }
        }
    }
}

TEST(LossesDocument, EveryLossOfARandomRequestIsInIt) {
    json::Random r(31);
    for (int i = 0; i < 400; ++i) {
        const Protocol from = kProtocols[r.below(kProtocols.size())];
        const DecodedRequest request(*codec_of(from), random_request(from, r));
        ASSERT_TRUE(request.conversation) << request.conversation.error().message << request.body;
        const Protocol to = kProtocols[r.below(kProtocols.size())];
        const auto reasons = reasons_of(*codec_of(to));
        const Encoded encoded =
            codec_of(to)->encode_request(*request.conversation, test_target(to));
        for (const chat::Loss& loss : encoded.losses)
            EXPECT_TRUE(reasons.contains(loss.why)) << loss.why;
    }
}

// Requests that come by chance to nobody.
std::vector<std::pair<Protocol, std::string>> rare_requests() {
    const std::string image =
        R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}})";
    const std::string thought =
        fmt::format(R"({{"type":"thinking","thinking":"hm","signature":"{}"}})",
                    pack_seal({Protocol::gemini, json::Text::literal("google"), {}},
                              json::Text::literal("c2ln"), {}));
    return {
        {Protocol::openai_chat,
         R"({"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}},
            {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"novelty"}]}],
            "response_format":{"type":"json_object"}})"},
        {Protocol::openai_responses, R"({"model":"m","input":[{"type":"novelty","x":1}]})"},
        {Protocol::anthropic,
         fmt::format(
             R"({{"model":"m","system":[{0}],"messages":[{{"role":"assistant","content":[{1},{0},{{"type":"text","text":"t"}}]}}],
                "thinking":{{"type":"adaptive"}},"output_config":{{"effort":"max"}},
                "stop_sequences":["1","2","3","4","5","6"],
                "tools":[{{"type":"code_execution_20250522","name":"code_execution"}}]}})",
             image, thought)},
    };
}

void take_reasons(Protocol from, const std::string& body, const Target& target, Protocol to,
                  std::set<std::string>& seen) {
    const DecodedRequest request(*codec_of(from), body);
    ASSERT_TRUE(request.conversation) << request.conversation.error().message << body;
    for (const chat::Loss& loss :
         codec_of(to)->encode_request(*request.conversation, target).losses)
        seen.insert(loss.why);
}

// A row that nothing is recorded from is not true any more.
TEST(LossesDocument, EveryRowOfItHappens) {
    for (const Protocol to : kProtocols) {
        json::Random r(32);
        std::set<std::string> seen;
        for (int i = 0; i < 800; ++i) {
            Target target = test_target(to);
            if (r.chance(0.3)) target.model = r.chance(0.5) ? "gemini-2.5-pro" : "gemini-2.0-flash";
            const Protocol from = kProtocols[r.below(kProtocols.size())];
            take_reasons(from, random_request(from, r), target, to, seen);
        }
        for (const ClientRequests& client : client_requests()) {
            for (const RecordedRequest& one : recorded_requests(client))
                take_reasons(client.protocol, one.body, test_target(to), to, seen);
        }
        for (const auto& [from, body] : rare_requests())
            take_reasons(from, body, test_target(to), to, seen);
        for (const NotCarried& row : codec_of(to)->not_carried)
            EXPECT_TRUE(seen.contains(std::string(row.why)))
                << short_name(to) << ": " << row.what << ": " << row.why;
    }
}

}  // namespace
}  // namespace ccr::wire
