#include "report/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "config/node.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::report {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kTaken = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::string_view kFailed = "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n";
constexpr std::string_view kRefused = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";

/// Keeps what it is sent, and answers with what it is told to, in turn; then always the last.
class Server {
  public:
    explicit Server(std::vector<std::string_view> answers)
        : answers_(std::move(answers)), upstream_([this](net::Peer& peer) { serve(peer); }) {}

    std::string url() const { return upstream_.url("/hook"); }
    std::vector<std::string> bodies() {
        const std::lock_guard lock(guard_);
        return bodies_;
    }
    std::string head() {
        const std::lock_guard lock(guard_);
        return head_;
    }

  private:
    void serve(net::Peer& peer) {
        for (;;) {
            const std::string head = peer.read_head();
            if (head.empty()) return;
            constexpr std::string_view kLength = "content-length: ";
            const std::size_t at = config::lowered(head).find(kLength) + kLength.size();
            const std::string body = peer.read_exactly(std::stoul(head.substr(at)));
            std::string_view answer;
            {
                const std::lock_guard lock(guard_);
                head_ = head;
                answer = answers_[std::min(bodies_.size(), answers_.size() - 1)];
                bodies_.push_back(body);
            }
            if (!peer.send(answer)) return;
        }
    }

    std::vector<std::string_view> answers_;
    std::mutex guard_;
    std::vector<std::string> bodies_;
    std::string head_;
    net::ScriptedUpstream upstream_;
};

Record of(const std::string& request, std::int64_t tokens = 1, bool is_final = true) {
    Record record;
    record.request = request;
    record.session = "s";
    record.tokens = tokens;
    record.is_final = is_final;
    return record;
}

class WebhookTest : public testing::Test {
  protected:
    std::shared_ptr<Webhook> to(const std::string& url, int attempts = 3) {
        Webhook::Settings settings;
        settings.name = "webhook-1";
        settings.target.url = url;
        settings.target.attempts = attempts;
        settings.target.pause = 10ms;
        settings.target.headers = {{"Authorization", "Bearer t-1"}};
        settings.form.time_out = 2s;
        settings.proxy = "direct";
        return std::make_shared<Webhook>(context_, client_, std::move(settings));
    }
    void run(const Webhook& webhook) {
        const auto end = net::Clock::now() + 10s;
        while (!webhook.is_idle() && net::Clock::now() < end) context_.run_for(5ms);
        EXPECT_TRUE(webhook.is_idle());
    }
    static std::vector<std::int64_t> tokens(const std::vector<std::string>& bodies) {
        std::vector<std::int64_t> out;
        for (const std::string& body : bodies)
            out.push_back(Json::parse(body)["data"]["tokenCount"].get<std::int64_t>());
        return out;
    }

    net::asio::io_context context_{1};
    net::HttpClient client_{context_};
};

TEST_F(WebhookTest, SendsWhatItIsGivenInOrder) {
    Server server({kTaken});
    const auto webhook = to(server.url());
    webhook->take(of("a", 1));
    webhook->take(of("b", 2));
    run(*webhook);
    EXPECT_THAT(tokens(server.bodies()), ElementsAre(1, 2));
    EXPECT_THAT(server.head(), HasSubstr("POST /hook HTTP/1.1"));
    EXPECT_THAT(server.head(), HasSubstr("Bearer t-1"));
}

TEST_F(WebhookTest, TriesAgainWhatMayGetBetter) {
    Server server({kFailed, kFailed, kTaken});
    const auto webhook = to(server.url());
    webhook->take(of("a", 5));
    run(*webhook);
    EXPECT_THAT(tokens(server.bodies()), ElementsAre(5, 5, 5));
}

TEST_F(WebhookTest, O7GivesUpAndGoesOnWithTheNext) {
    Server server({kFailed, kFailed, kTaken});
    const auto webhook = to(server.url(), 2);
    webhook->take(of("a", 1));
    webhook->take(of("b", 2));
    run(*webhook);
    EXPECT_THAT(tokens(server.bodies()), ElementsAre(1, 1, 2));
}

TEST_F(WebhookTest, ARefusalIsNotAskedForTwice) {
    Server server({kRefused});
    const auto webhook = to(server.url());
    webhook->take(of("a"));
    run(*webhook);
    EXPECT_EQ(server.bodies().size(), 1u);
}

TEST_F(WebhookTest, O7OfAnAnswerUnderWayOnlyTheLatestWaits) {
    Server server({kTaken});
    const auto webhook = to(server.url());
    webhook->take(of("other", 100));
    for (int i = 1; i <= 50; ++i) webhook->take(of("a", i, false));
    webhook->take(of("a", 60));
    run(*webhook);
    EXPECT_THAT(tokens(server.bodies()), ElementsAre(100, 60));
}

TEST_F(WebhookTest, O7AFullQueueDropsTheOldest) {
    Server server({kTaken});
    const auto webhook = to(server.url());
    constexpr int kMore = 20;
    const int most = static_cast<int>(Webhook::kMostWaiting);
    for (int i = 0; i < most + kMore; ++i) webhook->take(of(std::to_string(i), i));
    run(*webhook);
    const auto sent = tokens(server.bodies());
    EXPECT_EQ(sent.size(), Webhook::kMostWaiting);
    EXPECT_EQ(sent.front(), kMore);
    EXPECT_EQ(sent.back(), most + kMore - 1);
}

TEST_F(WebhookTest, AServerThatIsNotThereIsGivenUp) {
    std::uint16_t port = 0;
    {
        Server gone({kTaken});
        const std::string url = gone.url();
        port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    }
    const auto webhook = to("http://127.0.0.1:" + std::to_string(port) + "/hook");
    webhook->take(of("a"));
    run(*webhook);
}

}  // namespace
}  // namespace ccr::report
