// Properties of streams: what holds for every upstream stream of every protocol, whole, cut, or
// damaged, and for every client.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/client_requests_fixture.h"
#include "wire/random_stream_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

struct Stream {
    std::string name;
    Protocol protocol;
    std::string bytes;
};

std::vector<Stream> all_written_streams() {
    std::vector<Stream> out;
    for (const Protocol protocol : kProtocols) {
        for (const auto& path : written_streams(short_name(protocol)))
            out.push_back({fmt::format("{} {}", short_name(protocol), stem_of(path)), protocol,
                           read_file(path)});
    }
    return out;
}

// `count` of each protocol.
std::vector<Stream> random_streams(int count, std::uint64_t seed) {
    json::Random r(seed);
    std::vector<Stream> out;
    for (int i = 0; i < count; ++i) {
        for (const Protocol protocol : kProtocols)
            out.push_back({fmt::format("{} {}", short_name(protocol), i), protocol,
                           random_stream(protocol, r)});
    }
    return out;
}

// Clients in turn, where each of them for each case would take long.
Protocol client_number(std::size_t n) {
    return kProtocols[n % kProtocols.size()];
}

Relayed relayed(const Stream& stream, Protocol client, const Pieces& pieces) {
    return relay(*codec_of(stream.protocol), *codec_of(client), pieces);
}
Relayed relayed(const Stream& stream, std::string_view bytes) {
    return relayed(stream, Protocol::anthropic, {bytes});
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
        std::vector<std::string> whole;
        for (const Protocol client : kProtocols)
            whole.push_back(relayed(stream, client, {stream.bytes}).bytes);
        const std::string_view bytes = stream.bytes;
        std::size_t n = 0;
        for (std::size_t at = 0; at <= bytes.size(); at += step_for(stream), ++n) {
            const Relayed cut =
                relayed(stream, client_number(n), {bytes.substr(0, at), bytes.substr(at)});
            ASSERT_EQ(cut.bytes, whole[n % whole.size()]) << stream.name << " cut at " << at;
        }
    }
}

TEST(Streams, AnySplitChangesNothing) {
    json::Random r(2);
    for (const Stream& stream : random_streams(40, 3)) {
        for (const Protocol client : kProtocols) {
            const std::string whole = relayed(stream, client, {stream.bytes}).bytes;
            if (r.chance(0.5)) {
                ASSERT_EQ(relayed(stream, client, split_into_bytes(stream.bytes)).bytes, whole)
                    << stream.name;
            }
            for (int i = 0; i < 4; ++i) {
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
    for (Stream& stream : random_streams(300, 8)) streams.push_back(std::move(stream));
    std::size_t n = 0;
    for (const Stream& stream : streams) {
        const Protocol client = client_number(n++ / kProtocols.size());
        const std::string numbered = with_numbered_messages(stream.bytes);
        ASSERT_EQ(relayed(stream, client, {stream.bytes}).bytes,
                  relayed(stream, client, {numbered}).bytes)
            << stream.bytes;
    }
}

// From which size on a prefix holds the stream's terminal event.
std::size_t terminal_size(const Stream& stream) {
    const std::string& s = stream.bytes;
    if (stream.protocol == Protocol::anthropic) {
        const std::size_t at = s.find(R"({"type":"message_stop"})");
        return at == s.npos ? s.npos : at + 23;
    }
    if (stream.protocol == Protocol::openai_responses) {
        std::size_t at = s.find("data: {\"type\":\"response.completed\"");
        if (at == s.npos) at = s.find("data: {\"type\":\"response.incomplete\"");
        return at == s.npos ? s.npos : s.find_first_of("\r\n", at);
    }
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
    for (const Stream& stream : random_streams(10, 4)) expect_no_prefix_is_a_false_end(stream);
}

TEST(Streams, DamagedOnesStillObeyTheGrammar) {
    json::Random r(5);
    int failures = 0, runs = 0;
    for (const Stream& stream : random_streams(100, 6)) {
        for (std::size_t i = 0; i < 12; ++i) {
            const std::string damaged = json::mutated(r, stream.bytes);
            const Relayed got = relayed(stream, client_number(i), {damaged});
            expect_sound(got, damaged);
            failures += got.failure.has_value();
            ++runs;
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

// What a client of any protocol reads is what the provider said.
TEST(Streams, EveryClientReadsWhatWasSaid) {
    for (const Stream& stream : random_streams(100, 9)) {
        for (const Protocol client : kProtocols) {
            const Relayed first = relayed(stream, client, {stream.bytes});
            expect_sound(first, stream.bytes);
            const Relayed second = relay(*codec_of(client), *codec_of(client), {first.bytes});
            ASSERT_TRUE(second.finished) << stream.name << "\n" << first.bytes;
            ASSERT_EQ(said(second.reply), said(first.reply)) << stream.name << "\n" << first.bytes;
            ASSERT_EQ(second.reply.usage.output.value_or(0), first.reply.usage.output.value_or(0))
                << first.bytes;
        }
    }
}

}  // namespace
}  // namespace ccr::wire
