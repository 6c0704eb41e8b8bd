// Properties of requests: what a codec reads and writes again means the same, or says what was
// lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/relay_fixture.h"
#include "wire/request_model_fixture.h"

namespace ccr::wire {
namespace {

const Codec& messages() {
    return *codec_of(Protocol::anthropic);
}
const Codec& chat_codec() {
    return *codec_of(Protocol::openai_chat);
}

std::vector<std::pair<std::string, std::string>> recorded(std::string_view folder) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& path : test_files(folder, ".json")) {
        // opencode speaks each protocol: here it is asked about Chat.
        if (folder.ends_with("opencode") && !stem_of(path).starts_with("chat-")) continue;
        if (std::string body = recorded_body(path); !body.empty())
            out.emplace_back(stem_of(path), std::move(body));
    }
    return out;
}

std::string shown(const chat::Losses& losses) {
    std::string out;
    for (const chat::Loss& loss : losses)
        out += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
    return out;
}

TEST(MessagesRequests, RecordedOnesSurviveTheHub) {
    for (const auto& [name, body] : recorded("fixtures/claude-code")) {
        const DecodedRequest request(messages(), body);
        ASSERT_TRUE(request.conversation) << name << request.conversation.error().message;
        const Encoded encoded = messages().encode_request(*request.conversation, kTestTarget);
        EXPECT_EQ(difference(body, encoded.body), "") << name;
        EXPECT_EQ(shown(encoded.losses), "") << name;
    }
}

TEST(MessagesRequests, GeneratedOnesSurviveTheHub) {
    json::Random r(1);
    for (int i = 0; i < 500; ++i) {
        const std::string body = random_messages_request(r);
        const DecodedRequest request(messages(), body);
        ASSERT_TRUE(request.conversation) << request.conversation.error().message << "\n" << body;
        const Encoded encoded = messages().encode_request(*request.conversation, kTestTarget);
        ASSERT_EQ(difference(body, encoded.body), "") << body;
        ASSERT_EQ(shown(encoded.losses), "");
    }
}

TEST(ChatRequests, GeneratedOnesSurviveTheHubOnTheWayToChat) {
    json::Random r(2);
    for (int i = 0; i < 400; ++i) {
        const DecodedRequest first(chat_codec(), random_chat_request(r));
        ASSERT_TRUE(first.conversation) << first.conversation.error().message << "\n" << first.body;
        const Encoded encoded = chat_codec().encode_request(*first.conversation, kTestTarget);
        ASSERT_EQ(shown(encoded.losses), "") << first.body;
        const DecodedRequest second(chat_codec(), encoded.body);
        ASSERT_TRUE(second.conversation) << second.conversation.error().message;
        // Both conversations, written as Messages requests, which have a place for all of it.
        const std::string before = messages().encode_request(*first.conversation, kTestTarget).body;
        const std::string after = messages().encode_request(*second.conversation, kTestTarget).body;
        ASSERT_EQ(difference(before, after, Texts::joined), "") << first.body << "\n"
                                                                << encoded.body;
    }
}

TEST(ChatRequests, RecordedOnesBecomeValidMessagesRequests) {
    for (const auto& [name, body] : recorded("fixtures/opencode")) {
        const DecodedRequest request(chat_codec(), body);
        ASSERT_TRUE(request.conversation) << name << request.conversation.error().message;
        const Encoded encoded = messages().encode_request(*request.conversation, kTestTarget);
        const DecodedRequest again(messages(), encoded.body);
        EXPECT_TRUE(again.conversation) << name;
        EXPECT_EQ(again.conversation->turns.size(), request.conversation->turns.size()) << name;
    }
}

TEST(ToChat, NothingButChatIsSent) {
    for (const auto& [name, body] : recorded("fixtures/claude-code")) {
        const DecodedRequest request(messages(), body);
        const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
        EXPECT_THAT(foreign_to_chat(encoded.body), testing::IsEmpty()) << name;
        EXPECT_EQ(encoded.body.find("x-anthropic-billing-header"), std::string::npos) << name;
        EXPECT_EQ(encoded.body.find("device_id"), std::string::npos) << name;
    }
    json::Random r(3);
    for (int i = 0; i < 300; ++i) {
        const DecodedRequest request(messages(), random_messages_request(r));
        const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
        ASSERT_THAT(foreign_to_chat(encoded.body), testing::IsEmpty()) << request.body;
    }
}

// Every text of the request, system turns in mid-conversation and references to tools included, is
// told.
TEST(ToChat, NoTextIsForgotten) {
    for (const auto& [name, body] : recorded("fixtures/claude-code")) {
        const DecodedRequest request(messages(), body);
        const std::string texts =
            texts_of_chat(chat_codec().encode_request(*request.conversation, kTestTarget).body);
        for (const chat::Turn& turn : request.conversation->turns) {
            for (const chat::Part& part : turn.parts) {
                const auto* prose = part.as<chat::Prose>();
                if (!prose) continue;
                const std::string text = prose->text.decode();
                EXPECT_NE(texts.find(text), std::string::npos)
                    << name << ": " << text.substr(0, 80);
                if (turn.role == chat::Role::system && &turn != &request.conversation->turns[0]) {
                    EXPECT_NE(texts.find("<system-reminder>\n" + text), std::string::npos) << name;
                }
            }
        }
    }
}

TEST(ToChat, ToolReferencesAreWordsNotJson) {
    const DecodedRequest request(
        messages(),
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",
        "content":[{"type":"tool_reference","tool_name":"mcp__x__y"},{"type":"text","text":"loaded"}]}]}],
        "tools":[{"name":"mcp__x__y","input_schema":{"type":"object"},"defer_loading":true},
                 {"name":"DeferredToolPlaceholder","input_schema":{"type":"object"},"defer_loading":true}]})");
    const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
    EXPECT_EQ(texts_of_chat(encoded.body),
              "The tool mcp__x__y is now loaded and can be called.\n\nloaded\n");
    EXPECT_EQ(encoded.body.find("tool_reference"), std::string::npos);
    EXPECT_THAT(foreign_to_chat(encoded.body), testing::IsEmpty());
    EXPECT_NE(encoded.body.find("mcp__x__y\",\"parameters"), std::string::npos);
    EXPECT_NE(shown(encoded.losses).find("placeholder tool"), std::string::npos);
    EXPECT_NE(shown(encoded.losses).find("defer_loading"), std::string::npos);
}

TEST(Verbatim, EveryByteButTheModelIsTheClients) {
    for (const auto& [folder, codec] : {std::pair("fixtures/claude-code", &messages()),
                                        std::pair("fixtures/opencode", &chat_codec())}) {
        for (const auto& [name, body] : recorded(folder)) {
            const DecodedRequest request(*codec, body);
            const Encoded encoded = codec->splice_request(*request.root, kTestTarget);
            const json::View model = (*request.root)["model"];
            const std::string_view head = std::string_view(body).substr(0, model.begin());
            const std::string_view tail = std::string_view(body).substr(model.end());
            EXPECT_EQ(encoded.body, std::string(head) + "\"acme-1\"" + std::string(tail)) << name;
            EXPECT_TRUE(encoded.losses.empty()) << name;
        }
    }
}

TEST(Verbatim, TheSameModelChangesNothing) {
    const std::string body = R"({ "model" : "acme-1" , "messages" : [ ] })";
    const DecodedRequest request(messages(), body);
    EXPECT_EQ(messages().splice_request(*request.root, kTestTarget).body, body);
}

}  // namespace
}  // namespace ccr::wire
