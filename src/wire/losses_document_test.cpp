// docs/losses.md says what the code does: it is made of the encoders' tables, and what they record
// comes from nowhere else.
#include "wire/losses_document.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "wire/client_requests_fixture.h"
#include "wire/relay_fixture.h"

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

}  // namespace
}  // namespace ccr::wire
