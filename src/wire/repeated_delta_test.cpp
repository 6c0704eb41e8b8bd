#include "wire/repeated_delta.h"

#include <gtest/gtest.h>

namespace ccr::wire {
namespace {

constexpr std::string_view kMessage = R"({"n":1,"text":"one","more":{"text":"one"}})";

class RepeatedDeltaTest : public testing::Test {
  protected:
    // The text of `message` that stands at `at`.
    void learn(std::string_view message, std::size_t at, std::size_t size) {
        const auto text = json::Text::from_escaped(message.substr(at, size));
        repeated_.learn(message, {chat::Ping{}, chat::Delta{chat::DeltaKind::reasoning, text, {}}});
    }
    std::optional<std::string> read(std::string_view message) {
        chat::Events out;
        if (!repeated_.read(message, out)) {
            EXPECT_TRUE(out.empty());
            return std::nullopt;
        }
        const auto& delta = std::get<chat::Delta>(out.back());
        EXPECT_EQ(delta.kind, chat::DeltaKind::reasoning);
        return std::string(delta.text.escaped());
    }
    RepeatedDelta repeated_;
};

TEST_F(RepeatedDeltaTest, OnlyTheTextMayDiffer) {
    EXPECT_FALSE(read(kMessage)) << "nothing was learned";
    learn(kMessage, kMessage.find("one"), 3);
    EXPECT_EQ(read(kMessage), "one");
    EXPECT_EQ(read(R"({"n":1,"text":"another \"one\", \u00e9\\","more":{"text":"one"}})"),
              R"(another \"one\", \u00e9\\)");
    EXPECT_EQ(read(R"({"n":1,"text":"\",\"more\":{","more":{"text":"one"}})"), R"(\",\"more\":{)");
    for (const std::string_view other : {
             R"({"n":2,"text":"one","more":{"text":"one"}})",
             R"({"n":1,"text":"one","more":{"text":"two"}})",
             R"({"n":1,"text":"one","more":{"text":"one"}} )",
             R"({"n":1,"text":"one","x":0,"more":{"text":"one"}})",
             R"({"n":1,"text":"","more":{"text":"one"}})",
             R"({"n":1,"text":"one)",
             R"({"n":1,"text":")",
             R"({"n":1,"text":null,"more":{"text":"one"}})",
             R"({)",
             "",
         }) {
        EXPECT_FALSE(read(other)) << other;
    }
}

TEST_F(RepeatedDeltaTest, TextThatIsNoJsonIsNotRead) {
    learn(kMessage, kMessage.find("one"), 3);
    const auto with = [](std::string_view text) {
        return R"({"n":1,"text":")" + std::string(text) + R"(","more":{"text":"one"}})";
    };
    EXPECT_TRUE(read(with("\xC3\xBC")));
    for (const std::string_view bad : {"\xC3", "\xFF", "a\nb", "\\x", "\\u12", "\\"})
        EXPECT_FALSE(read(with(bad))) << bad;
}

TEST_F(RepeatedDeltaTest, WhatIsNoPieceOfTheMessageTeachesNothing) {
    const std::string kept = "one";
    repeated_.learn(kMessage,
                    {chat::Delta{chat::DeltaKind::reasoning, json::Text::from_escaped(kept), {}}});
    EXPECT_FALSE(read(kMessage));
    repeated_.learn(kMessage, {chat::Delta{chat::DeltaKind::opaque, {}, kMessage}});
    EXPECT_FALSE(read(kMessage));
    repeated_.learn(kMessage, {chat::Closed{}});
    EXPECT_FALSE(read(kMessage));
    learn(kMessage, kMessage.find("one"), 3);
    repeated_.forget();
    EXPECT_FALSE(read(kMessage));
}

}  // namespace
}  // namespace ccr::wire
