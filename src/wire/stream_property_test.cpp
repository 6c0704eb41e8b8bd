// Properties of streams: what holds for every upstream stream, whole, cut, or damaged.
#include <gtest/gtest.h>

#include <algorithm>

#include "wire/random_stream_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

constexpr Protocol kClients[] = {Protocol::anthropic, Protocol::openai_chat, Protocol::gemini};

struct Stream {
    std::string name;
    Protocol protocol;
    std::string bytes;
};

std::vector<Stream> all_written_streams() {
    std::vector<Stream> out;
    for (const auto& [ending, protocol] : {std::pair(".chat.sse", Protocol::openai_chat),
                                           std::pair(".gemini.sse", Protocol::gemini)}) {
        for (const auto& path : written_streams(ending))
            out.push_back({stem_of(path), protocol, read_file(path)});
    }
    return out;
}

std::vector<Stream> random_streams(int count, std::uint64_t seed) {
    json::Random r(seed);
    std::vector<Stream> out;
    for (int i = 0; i < count; ++i) {
        out.push_back({fmt::format("chat {}", i), Protocol::openai_chat, random_chat_stream(r)});
        out.push_back(
            {fmt::format("messages {}", i), Protocol::anthropic, random_messages_stream(r)});
        out.push_back({fmt::format("gemini {}", i), Protocol::gemini, random_gemini_stream(r)});
    }
    return out;
}

Relayed relayed(const Stream& stream, Protocol client, const Pieces& pieces) {
    return relay(*codec_of(stream.protocol), *codec_of(client), pieces);
}
Relayed relayed(const Stream& stream, std::string_view bytes) {
    return relayed(stream, Protocol::anthropic, {bytes});
}

// What a part says, in the words that every protocol carries. Neighbouring texts count as one.
std::string said(const chat::Part& part) {
    if (const auto* prose = part.as<chat::Prose>()) return prose->text.decode();
    const auto* call = part.as<chat::ToolCall>();
    if (!call) return "";
    std::string arguments(call->arguments);
    std::ranges::replace_if(arguments, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return fmt::format("\n<{} {}>\n", call->name.decode(), arguments);
}

void expect_sound(const Relayed& relayed, std::string_view what) {
    EXPECT_EQ(relayed.complaint, "") << what;
    EXPECT_EQ(relayed.ends, 1) << what;
}

TEST(Streams, ThatEndAsTheyShouldAreFinished) {
    for (const Stream& stream : random_streams(300, 1)) {
        const Relayed got = relayed(stream, stream.bytes);
        expect_sound(got, stream.name);
        EXPECT_TRUE(got.finished) << stream.name << (got.failure ? got.failure->message : "")
                                  << "\n"
                                  << stream.bytes;
    }
}

// Small streams are tried at every byte, larger ones at enough places to meet every kind of one.
std::size_t step_for(const Stream& stream) {
    return stream.bytes.size() < 700 ? 1 : 1 + 2 * (stream.bytes.size() / 250);
}

// Cuts of the written streams, one at a time.
TEST(Streams, OneCutAnywhereChangesNothing) {
    for (const Stream& stream : all_written_streams()) {
        for (const Protocol client : kClients) {
            const std::string whole = relayed(stream, client, {stream.bytes}).bytes;
            const std::string_view bytes = stream.bytes;
            for (std::size_t at = 0; at <= bytes.size(); at += step_for(stream)) {
                const Relayed cut =
                    relayed(stream, client, {bytes.substr(0, at), bytes.substr(at)});
                ASSERT_EQ(cut.bytes, whole) << stream.name << " cut at " << at;
            }
        }
    }
}

TEST(Streams, AnySplitChangesNothing) {
    json::Random r(2);
    for (const Stream& stream : random_streams(60, 3)) {
        for (const Protocol client : kClients) {
            const std::string whole = relayed(stream, client, {stream.bytes}).bytes;
            ASSERT_EQ(relayed(stream, client, split_into_bytes(stream.bytes)).bytes, whole)
                << stream.name;
            for (int i = 0; i < 8; ++i) {
                ASSERT_EQ(relayed(stream, client, randomly_split(r, stream.bytes)).bytes, whole)
                    << stream.name;
            }
        }
    }
}

// Every JSON object with a member of its own that no decoder knows, so that no two are alike.
std::string with_numbered_messages(std::string_view stream) {
    constexpr std::string_view kObject = "data: {";
    std::string out;
    for (int number = 0;; ++number) {
        const std::size_t at = stream.find(kObject);
        if (at == stream.npos) return out.append(stream);
        out += stream.substr(0, at + kObject.size());
        out += fmt::format("\"number_of_message\":{},", number);
        stream.remove_prefix(at + kObject.size());
    }
}

// Messages that repeat the one before but for their text are read a shorter way.
TEST(Streams, RepeatedMessagesAreReadLikeAllOthers) {
    std::vector<Stream> streams = all_written_streams();
    for (Stream& stream : random_streams(400, 8)) streams.push_back(std::move(stream));
    for (const Stream& stream : streams) {
        for (const Protocol client : {Protocol::anthropic, Protocol::openai_chat}) {
            const std::string numbered = with_numbered_messages(stream.bytes);
            ASSERT_EQ(relayed(stream, client, {stream.bytes}).bytes,
                      relayed(stream, client, {numbered}).bytes)
                << stream.bytes;
        }
    }
}

// From which size on a prefix holds the stream's terminal event.
std::size_t terminal_size(const Stream& stream) {
    const std::string& s = stream.bytes;
    if (stream.protocol == Protocol::anthropic) return s.find("{\"type\":\"message_stop\"}") + 23;
    std::size_t at = s.find(stream.protocol == Protocol::gemini ? "\"finishReason\":\""
                                                                : "\"finish_reason\":\"");
    if (at == s.npos && stream.protocol == Protocol::gemini)
        at = std::min(s.find("finish_reason"), s.find("blockReason"));
    if (at == s.npos) at = s.find("[DONE]");
    return at == s.npos ? s.npos : s.find_first_of("\r\n", at);
}

void expect_no_prefix_is_a_false_end(const Stream& stream) {
    const std::size_t terminal = terminal_size(stream);
    const bool ends_well = relayed(stream, stream.bytes).finished;
    for (std::size_t size = 0; size <= stream.bytes.size(); size += step_for(stream)) {
        const Relayed got = relayed(stream, std::string_view(stream.bytes).substr(0, size));
        ASSERT_EQ(got.complaint, "") << stream.name << " " << size;
        ASSERT_EQ(got.ends, 1) << stream.name << " " << size;
        if (size < terminal) {
            ASSERT_FALSE(got.finished) << stream.name << " " << size;
        } else if (ends_well) {
            ASSERT_TRUE(got.finished) << stream.name << " " << size;
        }
    }
}

TEST(Streams, ATruncatedOneIsNeverACleanEnd) {
    for (const Stream& stream : all_written_streams()) expect_no_prefix_is_a_false_end(stream);
    for (const Stream& stream : random_streams(15, 4)) expect_no_prefix_is_a_false_end(stream);
}

TEST(Streams, DamagedOnesStillObeyTheGrammar) {
    json::Random r(5);
    int failures = 0, runs = 0;
    for (const Stream& stream : random_streams(100, 6)) {
        for (int i = 0; i < 10; ++i) {
            const std::string damaged = json::mutated(r, stream.bytes);
            for (const Protocol client : kClients) {
                const Relayed got = relayed(stream, client, {damaged});
                expect_sound(got, damaged);
                failures += got.failure.has_value();
                ++runs;
            }
        }
    }
    EXPECT_GT(failures, runs / 10);
}

// A client's decoder of the same protocol must read what we wrote, with the same content.
TEST(Streams, WhatIsEncodedDecodesToTheSameAnswer) {
    for (const Stream& stream : random_streams(150, 7)) {
        const Relayed first = relayed(stream, stream.bytes);
        const Relayed again =
            relay(*codec_of(Protocol::anthropic), *codec_of(Protocol::anthropic), {first.bytes});
        EXPECT_TRUE(again.finished) << stream.name;
        EXPECT_EQ(again.bytes, first.bytes) << stream.name;
    }
}

// Signatures aside, of which Gemini's decoder leaves out those behind a text.
TEST(Streams, WhatIsEncodedForGeminiDecodesToTheSameAnswer) {
    const Codec& gemini = *codec_of(Protocol::gemini);
    for (const Stream& stream : random_streams(150, 8)) {
        const Relayed first = relayed(stream, Protocol::gemini, {stream.bytes});
        const Relayed second = relay(gemini, gemini, {first.bytes});
        EXPECT_TRUE(second.finished) << stream.name;
        std::string told, again;
        for (const chat::Part& part : first.reply.parts) told += said(part);
        for (const chat::Part& part : second.reply.parts) again += said(part);
        EXPECT_EQ(again, told) << stream.name << "\n" << first.bytes;
    }
}

}  // namespace
}  // namespace ccr::wire
