// Properties of requests: what a codec reads and writes again means the same, or says what was
// lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/client_requests_fixture.h"
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
            SplicedRequest encoded = codec->splice_request(*request.root, kTestTarget);
            const json::View model = (*request.root)["model"];
            const std::string_view head = std::string_view(body).substr(0, model.begin());
            const std::string_view tail = std::string_view(body).substr(model.end());
            EXPECT_EQ(encoded.body.whole(), std::string(head) + "\"acme-1\"" + std::string(tail))
                << name;
            EXPECT_TRUE(encoded.losses.empty()) << name;
        }
    }
}

TEST(Verbatim, TheSameModelChangesNothing) {
    const std::string body = R"({ "model" : "acme-1" , "messages" : [ ] })";
    const DecodedRequest request(messages(), body);
    EXPECT_EQ(messages().splice_request(*request.root, kTestTarget).body.take(), body);
}

// --- every protocol to every other ---

// What a request says to the model, as each protocol carries it.
struct Said {
    std::string texts;               // one after the other
    std::vector<std::string> calls;  // name and arguments
    std::vector<std::string> tools;  // that can be called
};

void collect(const std::vector<chat::Part>& parts, Said& out) {
    for (const chat::Part& part : parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.texts += prose->text.decode() + "\n";
        if (const auto* opaque = part.as<chat::Opaque>())
            out.texts += opaque->stand_in.decode() + "\n";
        const auto* media = part.as<chat::Media>();
        if (media && media->source == chat::MediaSource::plain_text)
            out.texts += media->data.decode() + "\n";
        if (const auto* call = part.as<chat::ToolCall>())
            out.calls.push_back(fmt::format("{} {}", call->name.decode(), call->arguments));
        if (const auto* result = part.as<chat::ToolResult>()) collect(result->content, out);
    }
}

Said said(const chat::Conversation& c) {
    Said out;
    for (const chat::Turn& turn : c.turns) collect(turn.parts, out);
    std::ranges::sort(out.calls);
    for (const chat::Tool& tool : c.tools) {
        if (tool.server_type.empty() && !tool.placeholder) out.tools.push_back(tool.name.decode());
    }
    return out;
}

std::vector<std::string> texts_of(const std::vector<chat::Part>& parts) {
    std::vector<std::string> out;
    for (const chat::Part& part : parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.push_back(prose->text.decode());
        const auto* result = part.as<chat::ToolResult>();
        if (!result) continue;
        for (std::string& inner : texts_of(result->content)) out.push_back(std::move(inner));
    }
    return out;
}

void expect_all_is_said(const chat::Conversation& c, const Said& then, const std::string& what) {
    EXPECT_EQ(said(c).calls, then.calls) << what;
    for (const chat::Turn& turn : c.turns) {
        for (const std::string& text : texts_of(turn.parts))
            EXPECT_NE(then.texts.find(text), std::string::npos) << text << "\nin " << what;
    }
    EXPECT_THAT(then.tools, testing::IsSupersetOf(said(c).tools)) << what;
}

// A provider's own decoder reads what it is sent, and finds in it every text and every call.
void expect_carried(Protocol from, Protocol to, const std::string& body) {
    const DecodedRequest request(*codec_of(from), body);
    ASSERT_TRUE(request.conversation) << request.conversation.error().message << "\n" << body;
    const Encoded encoded = codec_of(to)->encode_request(*request.conversation, test_target(to));
    const DecodedRequest again(*codec_of(to), encoded.body);
    ASSERT_TRUE(again.conversation) << again.conversation.error().message << "\n" << encoded.body;
    expect_all_is_said(*request.conversation, said(*again.conversation), encoded.body);
    const bool marked = encoded.body.find("cache_control") != encoded.body.npos;
    EXPECT_TRUE(!marked || to == Protocol::anthropic) << encoded.body;
}

TEST(Requests, OfEveryClientAreCarriedToEveryProvider) {
    for (const ClientRequests& client : client_requests()) {
        for (const RecordedRequest& one : recorded_requests(client)) {
            for (const Protocol to : kProtocols) expect_carried(client.protocol, to, one.body);
        }
    }
    json::Random r(41);
    for (int i = 0; i < 400; ++i) {
        const Protocol from = kProtocols[r.below(kProtocols.size())];
        const std::string body = random_request(from, r);
        for (const Protocol to : kProtocols) {
            expect_carried(from, to, body);
            ASSERT_FALSE(testing::Test::HasFailure()) << short_name(from) << " " << body;
        }
    }
}

// What was once through the hub goes through it unchanged.
TEST(Requests, ToTheirOwnProtocolChangeOnceAtMost) {
    json::Random r(42);
    for (int i = 0; i < 400; ++i) {
        const Protocol both = kProtocols[static_cast<std::size_t>(i) % kProtocols.size()];
        const Codec& codec = *codec_of(both);
        const DecodedRequest first(codec, random_request(both, r));
        ASSERT_TRUE(first.conversation);
        const Encoded once = codec.encode_request(*first.conversation, test_target(both));
        const DecodedRequest second(codec, once.body);
        ASSERT_TRUE(second.conversation) << once.body;
        EXPECT_EQ(codec.encode_request(*second.conversation, test_target(both)).body, once.body)
            << first.body;
    }
}

// Seen as a Messages request, which has a place for nearly all. Turns of one role that follow each
// other are one: some protocols have no border between them.
std::string as_messages(const chat::Conversation& c) {
    nlohmann::json body = nlohmann::json::parse(messages().encode_request(c, kTestTarget).body);
    nlohmann::json joined = nlohmann::json::array();
    for (nlohmann::json& message : body["messages"]) {
        if (joined.empty() || joined.back()["role"] != message["role"]) {
            joined.push_back(std::move(message));
            continue;
        }
        for (nlohmann::json& block : message["content"])
            joined.back()["content"].push_back(std::move(block));
    }
    body["messages"] = std::move(joined);
    return body.dump();
}

TEST(Requests, ToTheirOwnProtocolMeanTheSame) {
    const auto check = [](Protocol both, const std::string& body) {
        const DecodedRequest first(*codec_of(both), body);
        const Encoded encoded =
            codec_of(both)->encode_request(*first.conversation, test_target(both));
        EXPECT_EQ(shown(encoded.losses), "") << body;
        const DecodedRequest second(*codec_of(both), encoded.body);
        EXPECT_EQ(difference(as_messages(*first.conversation), as_messages(*second.conversation),
                             Texts::joined),
                  "")
            << body << "\n"
            << encoded.body;
    };
    for (const ClientRequests& client : client_requests()) {
        for (const RecordedRequest& one : recorded_requests(client))
            check(client.protocol, one.body);
    }
}

}  // namespace
}  // namespace ccr::wire
