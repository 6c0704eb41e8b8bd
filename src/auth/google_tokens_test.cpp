#include "auth/google_tokens.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

namespace ccr::auth {
namespace {

namespace asio = net::asio;
using std::chrono::minutes;
using std::chrono::seconds;

GoogleCredentials user(std::string refresh_token = "r") {
    GoogleCredentials out;
    out.kind = GoogleCredentials::Kind::authorized_user;
    out.token_uri = "http://token";
    out.refresh_token = std::move(refresh_token);
    return out;
}

class GoogleTokensTest : public testing::Test {
  protected:
    /// Spawns one asker per call and runs until all have their answer.
    std::vector<Result<std::string>> ask(int times, const std::string& refresh_token = "r") {
        answers_.clear();
        for (int i = 0; i < times; ++i)
            asio::co_spawn(context_, one(refresh_token), asio::detached);
        context_.restart();
        context_.run();
        return answers_;
    }
    std::string token() { return ask(1).at(0).value_or("none"); }

    net::Task<void> one(std::string refresh_token) {
        auto got = co_await tokens_.token(user(std::move(refresh_token)), "");
        answers_.push_back(std::move(got));
    }
    net::Task<Result<TokenAnswer>> fetch(TokenRequest request) {
        ++fetches_;
        co_await asio::post(context_, asio::use_awaitable);
        EXPECT_EQ(request.url, "http://token");
        if (unreachable_) co_return fail(ErrorKind::upstream_unreachable, "no route");
        TokenAnswer answer{status_, {}, ""};
        answer.body = fmt::format(R"({{"access_token":"t{}","expires_in":3600}})", fetches_);
        co_return answer;
    }

    asio::io_context context_;
    int fetches_ = 0, status_ = 200;
    bool unreachable_ = false;
    WallTime now_{seconds(1'700'000'000)};
    std::vector<Result<std::string>> answers_;
    GoogleTokens tokens_{
        context_, [this](TokenRequest request, std::string) { return fetch(std::move(request)); },
        [this] { return now_; }};
};

TEST_F(GoogleTokensTest, ManyWhoAskAtOnceShareOneFetch) {
    const auto answers = ask(20);
    ASSERT_EQ(answers.size(), 20u);
    for (const auto& answer : answers) EXPECT_EQ(answer.value_or("none"), "t1");
    EXPECT_EQ(fetches_, 1);
}

TEST_F(GoogleTokensTest, ATokenIsKeptUntilItsLastMinutes) {
    EXPECT_EQ(token(), "t1");
    now_ += minutes(54);
    EXPECT_EQ(token(), "t1");
    now_ += minutes(2);
    EXPECT_EQ(token(), "t2");
    EXPECT_EQ(fetches_, 2);
}

TEST_F(GoogleTokensTest, EachCredentialHasItsOwn) {
    EXPECT_EQ(token(), "t1");
    EXPECT_EQ(ask(1, "other").at(0).value_or("none"), "t2");
    EXPECT_EQ(token(), "t1");
}

TEST_F(GoogleTokensTest, AnOldTokenBridgesAnOutage) {
    EXPECT_EQ(token(), "t1");
    now_ += minutes(58);
    status_ = 503;
    EXPECT_EQ(token(), "t1");
    now_ += minutes(2);
    EXPECT_EQ(ask(1).at(0).error().kind, ErrorKind::upstream_failure);
    status_ = 200;
    EXPECT_EQ(token(), "t4");
}

TEST_F(GoogleTokensTest, AFailureReachesAllWhoWaitAndIsNotKept) {
    unreachable_ = true;
    for (const auto& answer : ask(3)) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, ErrorKind::upstream_unreachable);
    }
    EXPECT_EQ(fetches_, 1);
    unreachable_ = false;
    EXPECT_EQ(token(), "t2");
}

TEST_F(GoogleTokensTest, ARefusedTokenIsReplacedOnce) {
    EXPECT_EQ(token(), "t1");
    tokens_.refuse(user(), "t1");
    EXPECT_EQ(token(), "t2");
    tokens_.refuse(user(), "t1");  // told late: the new one stays
    EXPECT_EQ(token(), "t2");
    EXPECT_EQ(fetches_, 2);
}

// Whether a token has ended is Google's to say in the end.
TEST_F(GoogleTokensTest, AClockThatJumpsCostsAFetchAndNoRequest) {
    EXPECT_EQ(token(), "t1");
    now_ += minutes(600);
    EXPECT_EQ(token(), "t2") << "what seems to have ended is fetched anew";
    now_ -= minutes(600);
    EXPECT_EQ(token(), "t2");
    tokens_.refuse(user(), "t2");  // it has ended, though the clock that was set back has it last
    EXPECT_EQ(token(), "t3");
    EXPECT_EQ(fetches_, 3);
}

}  // namespace
}  // namespace ccr::auth
