#include "gateway/homes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace ccr::gateway {
namespace {

using config::ModelRef;
using config::Stickiness;
using std::chrono::minutes;
using std::chrono::seconds;

const ModelRef kFirst{"a", "first", {}}, kSecond{"a", "second", {}};

/// One life of a service, with what an earlier one has left in the file.
struct Life {
    explicit Life(std::string file) : state({.file = std::move(file)}), homes(state) {
        EXPECT_TRUE(state.wait_loaded(seconds(10)));
    }
    route::Facts recalled(const std::string& key, Homes::Clock::time_point now,
                          Stickiness stickiness = Stickiness::prefer) {
        route::Facts facts;
        homes.recall(key, stickiness, facts, now);
        return facts;
    }
    store::State state;
    Homes homes;
};

class HomesOverARestart : public testing::Test {
  protected:
    HomesOverARestart() { std::filesystem::create_directory(directory_); }
    ~HomesOverARestart() override { std::filesystem::remove_all(directory_); }

    const std::string directory_ = testing::TempDir() + "ccr-homes-" + std::to_string(::getpid());
    const std::string file_ = directory_ + "/state.sqlite";
    const Homes::Clock::time_point began_ = Homes::Clock::now();
};

TEST_F(HomesOverARestart, AConversationIsWhereItWas) {
    {
        Life life(file_);
        life.homes.answered("s", kSecond, kFirst, 50'000, began_);
    }
    Life life(file_);
    const route::Facts facts = life.recalled("s", began_ + minutes(4));
    ASSERT_TRUE(facts.home);
    EXPECT_EQ(facts.home->target, kSecond);
    EXPECT_EQ(facts.home->chosen, kFirst);
    EXPECT_EQ(facts.home->cached_tokens, 50'000);
    EXPECT_EQ(facts.last_input_tokens, 50'000);
    const route::Facts later = life.recalled("s", began_ + minutes(6));
    EXPECT_FALSE(later.home) << "its cache is cold";
    EXPECT_EQ(later.last_input_tokens, 50'000);
    EXPECT_EQ(life.recalled("other", began_).last_input_tokens, 0);
}

TEST_F(HomesOverARestart, AClockThatIsSetForthAndBackKeepsNobodyForYears) {
    Life life(file_);
    const auto ahead = began_ + std::chrono::hours(87'600);
    life.homes.answered("s", kSecond, kFirst, 50'000, ahead);
    EXPECT_TRUE(life.recalled("s", ahead).home);
    EXPECT_FALSE(life.recalled("s", began_).home);
    life.homes.answered("s", kSecond, kFirst, 50'000, began_);
    EXPECT_TRUE(life.recalled("s", began_ + minutes(1)).home);
}

TEST_F(HomesOverARestart, AScenariosAnswerIsNoUsualHome) {
    {
        Life life(file_);
        life.homes.answered("s", kSecond, {}, 50'000, began_);
    }
    Life life(file_);
    EXPECT_FALSE(life.recalled("s", began_).home);
    EXPECT_TRUE(life.recalled("s", began_, Stickiness::strict).home);
}

TEST_F(HomesOverARestart, WhatDoesNotMoveIsWrittenOnceAMinute) {
    {
        Life life(file_);
        life.homes.answered("s", kSecond, kFirst, 1000, began_);
        life.homes.answered("s", kSecond, kFirst, 2000, began_ + seconds(30));
    }
    EXPECT_EQ(Life(file_).recalled("s", began_).last_input_tokens, 1000);
    {
        Life life(file_);
        life.homes.answered("s", kSecond, kFirst, 3000, began_ + seconds(61));
    }
    EXPECT_EQ(Life(file_).recalled("s", began_).last_input_tokens, 3000);
}

TEST_F(HomesOverARestart, WhatIsADayOldIsForgotten) {
    {
        Life life(file_);
        life.homes.answered("s", kSecond, kFirst, 1000, began_);
    }
    EXPECT_EQ(Life(file_).recalled("s", began_ + std::chrono::hours(25)).last_input_tokens, 0);
    EXPECT_EQ(Life(file_).recalled("s", began_).last_input_tokens, 0) << "removed from the file";
}

}  // namespace
}  // namespace ccr::gateway
