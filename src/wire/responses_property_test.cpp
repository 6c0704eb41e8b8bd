// Properties of the Responses protocol in pairs with the others: streams whole, cut and damaged,
// requests through the hub, and golden files of both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "chat/fold.h"
#include "chat/random_chat_fixture.h"
#include "wire/random_stream_fixture.h"
#include "wire/relay_fixture.h"
#include "wire/request_model_fixture.h"

namespace ccr::wire {
namespace {

constexpr Protocol kOthers[] = {Protocol::anthropic, Protocol::openai_chat,
                                Protocol::openai_responses};

const Codec& responses() {
    return *codec_of(Protocol::openai_responses);
}

// A random answer as a Responses server streams it, with events that nobody knows in between.
std::string random_responses_stream(json::Random& r) {
    chat::Reply reply = chat::random_reply(r);
    const auto encoder = responses().open_encoder({"req_1", 7, "m", true});
    std::string out;
    for (const chat::StreamEvent& event : chat::unfold(reply)) {
        encoder->feed(event, out);
        if (std::holds_alternative<chat::Finished>(event)) break;
        if (r.chance(0.1)) out += ": keep-alive\n\n";
        if (r.chance(0.1))
            out += "event: response.novelty\ndata: {\"type\":\"response.novelty\",\"x\":[1]}\n\n";
    }
    return out;
}

void expect_sound(const Relayed& relayed, std::string_view what) {
    EXPECT_EQ(relayed.complaint, "") << what;
    EXPECT_EQ(relayed.ends, 1) << what;
}

TEST(ResponsesStreams, AnySplitChangesNothing) {
    json::Random r(21);
    for (int i = 0; i < 40; ++i) {
        const std::string stream = random_responses_stream(r);
        for (const Protocol client : kOthers) {
            const Relayed whole = relay(responses(), *codec_of(client), {stream});
            expect_sound(whole, stream);
            ASSERT_TRUE(whole.finished) << stream;
            ASSERT_EQ(relay(responses(), *codec_of(client), split_into_bytes(stream)).bytes,
                      whole.bytes);
            for (int cut = 0; cut < 4; ++cut) {
                ASSERT_EQ(relay(responses(), *codec_of(client), randomly_split(r, stream)).bytes,
                          whole.bytes);
            }
        }
    }
}

TEST(ResponsesStreams, ATruncatedOneIsNeverACleanEnd) {
    json::Random r(22);
    for (int i = 0; i < 12; ++i) {
        const std::string stream = random_responses_stream(r);
        const std::size_t whole = stream.size() - 2;  // the blank line is no part of the message
        for (std::size_t size = 0; size < whole; size += 1 + size / 60) {
            const Relayed got = relay(responses(), *codec_of(Protocol::anthropic),
                                      {std::string_view(stream).substr(0, size)});
            expect_sound(got, stream);
            ASSERT_FALSE(got.finished) << size << "\n" << stream;
        }
    }
}

TEST(ResponsesStreams, DamagedOnesStillObeyTheGrammar) {
    json::Random r(23);
    int failures = 0;
    for (int i = 0; i < 400; ++i) {
        const std::string damaged = json::mutated(r, random_responses_stream(r));
        for (const Protocol client : kOthers) {
            const Relayed got = relay(responses(), *codec_of(client), {damaged});
            expect_sound(got, damaged);
            failures += got.failure.has_value();
        }
    }
    EXPECT_GT(failures, 100);
}

// What is said and called, without ids; neighbouring texts count as one.
std::string said(const chat::Reply& reply) {
    std::string out;
    for (const chat::Part& part : reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out += prose->text.decode();
        if (const auto* call = part.as<chat::ToolCall>())
            out += fmt::format("\n<{} {}>\n", call->name.decode(),
                               nlohmann::json::parse(call->arguments).dump());
    }
    return out;
}

TEST(ResponsesStreams, ClientsReadWhatWasSaid) {
    json::Random r(24);
    for (int i = 0; i < 200; ++i) {
        const bool chat = r.chance(0.5);
        const Codec& upstream = *codec_of(chat ? Protocol::openai_chat : Protocol::anthropic);
        const std::string stream = chat ? random_chat_stream(r) : random_messages_stream(r);
        const Relayed first = relay(upstream, responses(), {stream});
        expect_sound(first, stream);
        const Relayed again = relay(responses(), *codec_of(Protocol::anthropic), {first.bytes});
        ASSERT_TRUE(again.finished) << first.bytes;
        ASSERT_EQ(said(again.reply), said(first.reply)) << first.bytes;
        ASSERT_EQ(again.reply.usage.output.value_or(0), first.reply.usage.output.value_or(0));
    }
}

// --- requests ---

std::string losses_of(const Encoded& encoded) {
    std::string out;
    for (const chat::Loss& loss : encoded.losses)
        out += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
    return out;
}

// Chat to Responses and back: both conversations as Messages requests, which have a place for all.
TEST(ResponsesRequests, ChatOnesSurviveTheHubBothWays) {
    json::Random r(25);
    const Codec& chat = *codec_of(Protocol::openai_chat);
    const Codec& messages = *codec_of(Protocol::anthropic);
    for (int i = 0; i < 300; ++i) {
        nlohmann::json body = nlohmann::json::parse(random_chat_request(r));
        body.erase("stop");        // has no field
        body.erase("max_tokens");  // has a least value
        const DecodedRequest first(chat, body.dump());
        ASSERT_TRUE(first.conversation) << first.conversation.error().message;
        const Encoded encoded = responses().encode_request(*first.conversation, kTestTarget);
        ASSERT_EQ(losses_of(encoded), "") << first.body;
        const DecodedRequest second(responses(), encoded.body);
        ASSERT_TRUE(second.conversation) << second.conversation.error().message;
        nlohmann::json before =
            nlohmann::json::parse(messages.encode_request(*first.conversation, kTestTarget).body);
        nlohmann::json after =
            nlohmann::json::parse(messages.encode_request(*second.conversation, kTestTarget).body);
        for (nlohmann::json* side : {&before, &after}) {
            // Not carried to Chat's own kind: a Responses client that reasons shows it.
            side->erase("thinking");
            // Where nothing says it, strict is on here and off there: it is written out.
            if (!side->contains("tools")) continue;
            for (nlohmann::json& tool : (*side)["tools"])
                if (!tool.contains("strict")) tool["strict"] = false;
        }
        ASSERT_EQ(difference(before.dump(), after.dump(), Texts::joined), "") << first.body << "\n"
                                                                              << encoded.body;
    }
}

TEST(ResponsesRequests, RandomMessagesRequestsBecomeValidOnes) {
    json::Random r(26);
    for (int i = 0; i < 300; ++i) {
        const DecodedRequest request(*codec_of(Protocol::anthropic), random_messages_request(r));
        ASSERT_TRUE(request.conversation);
        const Encoded encoded = responses().encode_request(*request.conversation, kTestTarget);
        EXPECT_EQ(encoded.body.find("cache_control"), std::string::npos);
        const DecodedRequest again(responses(), encoded.body);
        ASSERT_TRUE(again.conversation) << again.conversation.error().message << encoded.body;
    }
}

// --- golden files ---

void compare(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(CCR_SOURCE_DIR) / "tests" / "golden" / name;
    if (std::getenv("CCR_UPDATE_GOLDEN")) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read_file(path), text)
        << name << " differs: look at it, or run with CCR_UPDATE_GOLDEN=1";
}

void compare_request(const std::string& fixture, Protocol from, Protocol to) {
    const auto path = std::filesystem::path(CCR_SOURCE_DIR) / "tests" / "fixtures" / fixture;
    const DecodedRequest request(*codec_of(from), recorded_body(path));
    ASSERT_TRUE(request.conversation) << fixture << request.conversation.error().message;
    const Encoded encoded = codec_of(to)->encode_request(*request.conversation, kTestTarget);
    const std::string to_name = to == Protocol::anthropic ? "messages" : std::string(name_of(to));
    const std::string stem = fmt::format(
        "requests/{}-{}.to.{}", path.parent_path().filename().string(), stem_of(path), to_name);
    compare(stem + ".json", indented(encoded.body));
    compare(stem + ".losses.txt", losses_of(encoded));
}

TEST(ResponsesGolden, RecordedRequests) {
    for (const char* one : {"codex/plain-1.json", "opencode-responses/tool-loop-3.json"}) {
        compare_request(one, Protocol::openai_responses, Protocol::anthropic);
        compare_request(one, Protocol::openai_responses, Protocol::openai_chat);
    }
    for (const char* one : {"image-in-tool-result", "thinking-turn-1", "websearch-inner"})
        compare_request(fmt::format("claude-code/{}.json", one), Protocol::anthropic,
                        Protocol::openai_responses);
}

TEST(ResponsesGolden, WrittenStreams) {
    for (const auto& path : test_files("golden/streams", ".responses.sse")) {
        const std::string name = path.filename().string();
        if (name.find(".to.") != std::string::npos) continue;
        const Relayed got = relay(responses(), *codec_of(Protocol::anthropic), {read_file(path)});
        compare("streams/" + stem_of(path) + ".responses.to.messages.sse", got.bytes);
    }
    for (const char* one : {"reasoning-content", "calls-interleaved", "text-call-text", "length",
                            "error-inside", "annotations"}) {
        const auto path = std::filesystem::path(CCR_SOURCE_DIR) / "tests/golden/streams" /
                          fmt::format("{}.chat.sse", one);
        const Relayed got = relay(*codec_of(Protocol::openai_chat), responses(), {read_file(path)});
        compare(fmt::format("streams/{}.to.responses.sse", one), got.bytes);
    }
}

}  // namespace
}  // namespace ccr::wire
