#include "report/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/record.h"

namespace ccr::report {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

const Tracker::WallClock::time_point kNow{1'700'000'000'123ms};
const std::string kRequest = "req_0123456789";

event::Settled settled(std::int64_t output, bool streamed, std::string outcome = "ok") {
    event::Settled end;
    end.request = kRequest;
    end.outcome = std::move(outcome);
    end.to_first_content = 500ms;
    end.streamed = streamed;
    end.total = 4s;
    if (output > 0) end.output = output;
    return end;
}

event::Written written(std::int64_t tokens, std::chrono::microseconds last, bool ended = false) {
    return {kRequest, tokens, 500ms, last, ended};
}

class TrackerTest : public testing::Test {
  protected:
    TrackerTest() { tracker_.begin(kRequest, "s-1"); }
    std::optional<Record> hear(const event::Event& event) { return tracker_.hear(event, kNow); }
    Tracker tracker_;
};

TEST_F(TrackerTest, AStreamIsToldOfWhileItComesAndAtItsEnd) {
    EXPECT_FALSE(hear(event::Began{kRequest}));
    const auto first = hear(written(40, 1500ms));
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->is_final);
    EXPECT_EQ(first->tokens_per_second, 40);
    EXPECT_EQ(first->to_first_token, 500ms);
    const auto second = hear(written(100, 3500ms));
    EXPECT_EQ(second->tokens_per_second, 30);
    EXPECT_FALSE(hear(written(110, 3600ms, true)));
    const auto last = hear(settled(108, true));
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->is_final);
    EXPECT_EQ(last->tokens, 108);            // the provider's count
    EXPECT_EQ(last->duration, 3600ms);       // to the last content, not to the connection's end
    EXPECT_EQ(last->tokens_per_second, 30);  // 108 / 3.6 s
}

TEST_F(TrackerTest, AWholeAnswerIsToldOfOnce) {
    EXPECT_FALSE(hear(written(80, 4s, true)));
    const auto record = hear(settled(0, false));
    ASSERT_TRUE(record);
    EXPECT_FALSE(record->stream);
    EXPECT_FALSE(record->to_first_token);
    EXPECT_EQ(record->tokens, 80);  // by our own count, as nobody told
    EXPECT_EQ(record->tokens_per_second, 20);
}

// Messages tells one token at its start, and the real count only at the end.
TEST_F(TrackerTest, O2ACutStreamIsReckonedWithWhatCame) {
    hear(event::Began{kRequest});
    hear(written(50, 2s, true));
    const auto record = hear(settled(1, true, "error"));
    ASSERT_TRUE(record);
    EXPECT_TRUE(record->is_final);
    EXPECT_EQ(record->tokens, 50);
    EXPECT_EQ(record->tokens_per_second, 25);
}

TEST_F(TrackerTest, O2NothingIsLeftOfWhatHasSettled) {
    EXPECT_FALSE(tracker_.is_empty());
    hear(settled(3, true, "client_gone"));
    EXPECT_TRUE(tracker_.is_empty());
    EXPECT_FALSE(hear(settled(3, true)));
}

TEST_F(TrackerTest, AnAnswerOfTwoTargetsIsCountedByUs) {
    hear(event::Began{kRequest});
    hear(event::Attempted{kRequest, "b,m", "translated", {}});
    hear(written(90, 3s, true));
    EXPECT_EQ(hear(settled(20, true))->tokens, 90);  // the second one told of its part alone
}

TEST_F(TrackerTest, WithoutContentThereIsNoSpeed) {
    event::Settled failed = settled(0, false, "error");
    failed.to_first_content = 0ms;
    EXPECT_FALSE(hear(failed));
    EXPECT_TRUE(tracker_.is_empty());
}

TEST_F(TrackerTest, OthersMeanNothing) {
    EXPECT_FALSE(hear(event::Began{"req_other"}));
    event::Settled other = settled(3, true);
    other.request = "req_other";
    EXPECT_FALSE(hear(other));
    EXPECT_FALSE(tracker_.is_empty());
}

TEST(Record, ItsMembersAreThoseOfVersion2) {
    Record record;
    record.request = kRequest;
    record.session = "s-1";
    record.stream = true;
    record.tokens = 108;
    record.tokens_per_second = 30;
    record.to_first_token = 500ms;
    record.duration = 3601ms;
    record.time = kNow;
    EXPECT_EQ(Json::parse(to_json(record)), Json::parse(R"({"requestId": "01234567",
        "sessionId": "s-1", "stream": true, "tokenCount": 108, "tokensPerSecond": 30,
        "timeToFirstToken": "500ms", "timeToFirstTokenMs": 500, "duration": "3.60s",
        "timestamp": 1700000000123})"));
    record.to_first_token.reset();
    EXPECT_EQ(Json::parse(to_json(record))["timeToFirstToken"], "N/A");
}

TEST(Record, AWebhookGetsItWithWhatBelongsToIt) {
    Record record;
    record.request = kRequest;
    record.session = "s-1\xff";
    record.time = kNow;
    record.is_final = true;
    const Json body = Json::parse(webhook_body(record, true, R"({"team": "a"})"));
    EXPECT_EQ(body["prefix"], "[Token Speed Final]");
    EXPECT_EQ(body["timestamp"], "2023-11-14T22:13:20.123Z");
    EXPECT_EQ(body["metadata"]["team"], "a");
    EXPECT_EQ(body["metadata"]["requestId"], kRequest);
    EXPECT_EQ(body["metadata"]["sessionId"], "s-1\uFFFD");
    EXPECT_EQ(body["data"]["requestId"], "01234567");
    EXPECT_FALSE(Json::parse(webhook_body(record, false, "")).contains("timestamp"));
}

TEST(Record, ASessionsNameIsAFilesName) {
    EXPECT_EQ(file_name_part("0d5e-AA_b.c"), "0d5e-AA_b.c");
    EXPECT_EQ(file_name_part("../../etc/passwd"), ".._.._etc_passwd-3754d6cb");
    EXPECT_EQ(file_name_part(std::string("a\0b\n\xff", 5)), "a_b__-c127a01f");
}

}  // namespace
}  // namespace ccr::report
