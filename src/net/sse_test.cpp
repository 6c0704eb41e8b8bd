#include "net/sse.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace ccr::net {
namespace {

struct Seen {
    std::string event, data, raw;
    bool operator==(const Seen&) const = default;
};
void PrintTo(const Seen& seen, std::ostream* out) {
    *out << "{event=" << testing::PrintToString(seen.event)
         << " data=" << testing::PrintToString(seen.data)
         << " raw=" << testing::PrintToString(seen.raw) << "}";
}

struct Outcome {
    std::vector<Seen> messages;
    bool accepted = true;
    bool pending = false;           // before finish()
    std::size_t before_finish = 0;  // messages delivered without finish()
    bool operator==(const Outcome&) const = default;
};

Outcome parse(const std::vector<std::string>& pieces, std::size_t limit = 1 << 20) {
    SseParser parser(limit);
    Outcome outcome;
    const auto sink = [&](const SseMessage& message) {
        outcome.messages.push_back(
            {std::string(message.event), std::string(message.data), std::string(message.raw)});
    };
    for (const std::string& piece : pieces) {
        // Feeding from an exact heap block lets the address sanitizer see any read past the piece.
        const std::vector<char> block(piece.begin(), piece.end());
        outcome.accepted = parser.feed({block.data(), block.size()}, sink) && outcome.accepted;
    }
    outcome.before_finish = outcome.messages.size();
    outcome.pending = parser.pending();
    parser.finish(sink);
    return outcome;
}

std::vector<Seen> messages_of(const std::string& stream) {
    return parse({stream}).messages;
}

TEST(Sse, SplitsMessages) {
    const auto seen = messages_of("event: ping\ndata: {}\n\ndata:[DONE]\n\n");
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0], (Seen{"ping", "{}", "event: ping\ndata: {}\n\n"}));
    EXPECT_EQ(seen[1], (Seen{"", "[DONE]", "data:[DONE]\n\n"}));
}

TEST(Sse, JoinsDataLines) {
    const auto seen = messages_of("data: a\ndata:b\ndata\ndata:  c\n\n");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].data, "a\nb\n\n c");
}

TEST(Sse, DataWithoutColonIsAnEmptyMessage) {
    const auto seen = messages_of("data\n\ndata\ndata\n\n");
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].data, "");
    EXPECT_EQ(seen[1].data, "\n");
}

TEST(Sse, MessageWithoutDataIsHeldForTheNext) {
    const auto seen = messages_of("event: lost\n\n: comment\n\nid: 7\nretry: 1\ndata: x\n\n");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0], (Seen{"", "x", "event: lost\n\n: comment\n\nid: 7\nretry: 1\ndata: x\n\n"}));
}

TEST(Sse, ManyCommentsAreNotHeldForTheNext) {
    for (const std::string end : {"\n\n", "\n"}) {
        const std::string comment = ": " + std::string(1000, 'c') + end;
        SseParser parser(64u << 10);
        std::vector<std::string> raws;
        const auto sink = [&](const SseMessage& message) { raws.emplace_back(message.raw); };
        for (int i = 0; i < 1000; ++i) ASSERT_TRUE(parser.feed(comment, sink));
        ASSERT_TRUE(parser.feed("event: e\ndata: x\n\n", sink));
        ASSERT_EQ(raws.size(), 1u);
        EXPECT_LE(raws[0].size(), 17u << 10);
        EXPECT_TRUE(raws[0].ends_with(end + "event: e\ndata: x\n\n"));
    }
}

TEST(Sse, AnEmptyEventNameAmongManyCommentsIsForgottenWithThem) {
    const std::string comment = ": " + std::string(9000, 'c') + "\n";
    const auto seen = messages_of(comment + "event:\n" + comment + "data: x\n\n");
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0], (Seen{"", "x", "data: x\n\n"}));
}

TEST(Sse, AGiantCommentIsGoneWithItsLine) {
    const std::string comment = ": " + std::string(100u << 10, 'c');
    const auto seen = messages_of("data: w\n\n" + comment + "\n\ndata: x\n\ndata: y\n\n");
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen[1].raw, "\ndata: x\n\n");
    EXPECT_EQ(seen[2].raw, "data: y\n\n");
}

TEST(Sse, ACommentWithoutEndIsNoEventTooLarge) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        SseParser parser(64u << 10);
        std::vector<std::string> raws;
        const auto sink = [&](const SseMessage& message) { raws.emplace_back(message.raw); };
        ASSERT_TRUE(parser.feed("event: e" + end + ": ", sink));
        const std::string part(10u << 10, ':');
        for (int i = 0; i < 100; ++i) ASSERT_TRUE(parser.feed(part, sink));
        ASSERT_TRUE(parser.feed(end.substr(0, 1), sink));
        ASSERT_TRUE(parser.feed(end.substr(1) + "data: x" + end + end + "data: y" + end, sink));
        parser.finish(sink);
        ASSERT_EQ(raws.size(), 2u);
        EXPECT_LE(raws[0].size(), 40u << 10);
        EXPECT_TRUE(raws[0].starts_with("event: e" + end + ":"));
        EXPECT_TRUE(raws[0].ends_with(end + "data: x" + end + end));
        EXPECT_EQ(raws[1], "data: y" + end);
    }
}

TEST(Sse, AllLineEnds) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        const std::string one = "event: e" + end + "data: a" + end + "data: b" + end + end;
        const auto seen = messages_of(one + one);
        ASSERT_EQ(seen.size(), 2u) << testing::PrintToString(end);
        EXPECT_EQ(seen[0], (Seen{"e", "a\nb", one}));
        EXPECT_EQ(seen[1], (Seen{"e", "a\nb", one}));
    }
}

TEST(Sse, CarriageReturnAtTheEndWaitsForItsLineFeed) {
    const auto outcome = parse({"data: x\r\n\r", "\ndata: y\r\n\r\n"});
    ASSERT_EQ(outcome.messages.size(), 2u);
    EXPECT_EQ(outcome.messages[0].raw, "data: x\r\n\r\n");
    EXPECT_EQ(outcome.messages[1].raw, "data: y\r\n\r\n");
}

TEST(Sse, ByteOrderMarkOnlyAtTheStart) {
    const auto seen = messages_of(
        "\xEF\xBB\xBF"
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\ndata: c\n\n");
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].data, "a");
    EXPECT_EQ(seen[0].raw,
              "\xEF\xBB\xBF"
              "data: a\n\n");
    EXPECT_EQ(seen[1].data, "c");
    EXPECT_EQ(messages_of("\xEF\xBB\xBF\ndata: a\n\n").at(0).data, "a");
}

TEST(Sse, MessagesAreDeliveredAsSoonAsTheyAreWhole) {
    EXPECT_EQ(parse({"data: x\n\n"}).before_finish, 1u);
    EXPECT_FALSE(parse({"data: x\n\n"}).pending);
    EXPECT_TRUE(parse({"data: x\n\nd"}).pending);
}

TEST(Sse, WholeMessagesAreNotCopied) {
    SseParser parser;
    const std::string stream = "event: e\ndata: one\n\ndata: two\n\n";
    std::size_t at = 0;
    ASSERT_TRUE(parser.feed(stream, [&](const SseMessage& message) {
        EXPECT_EQ(message.raw.data(), stream.data() + at);
        EXPECT_GT(message.data.data(), stream.data());
        EXPECT_LT(message.data.data(), stream.data() + stream.size());
        at += message.raw.size();
    }));
    EXPECT_EQ(at, stream.size());
}

TEST(Sse, MessagesLikeTheOneBeforeAreReadAlike) {
    const std::string one = "id: 7\nevent: e\ndata: a\n\n", other = "id: 7\nevent: e\ndata: b\n";
    const auto seen =
        messages_of(one + other + "\n" + other + "data: c\n\n" + other + "\r\n" + one);
    ASSERT_EQ(seen.size(), 5u);
    EXPECT_EQ(seen[0], (Seen{"e", "a", one}));
    EXPECT_EQ(seen[1], (Seen{"e", "b", other + "\n"}));
    EXPECT_EQ(seen[2], (Seen{"e", "b\nc", other + "data: c\n\n"}));
    EXPECT_EQ(seen[3], (Seen{"e", "b", other + "\r\n"}));
    EXPECT_EQ(seen[4], (Seen{"e", "a", one}));
    EXPECT_EQ(messages_of("data:a\n\ndata: b\n\ndata:  c\n\n")[1].data, "b");
}

TEST(Sse, AnEventBehindItsDataIsNotTheNextMessages) {
    EXPECT_EQ(messages_of("data: a\nevent: e\n\ndata: b\n\n")[1], (Seen{"", "b", "data: b\n\n"}));
    EXPECT_EQ(messages_of("data: a\nevent: e\n\ndata: 0123456789abcdefghi\n\n")[1].event, "");
    const auto seen = messages_of("event: a\ndata: x\nevent: b\n\nevent: a\ndata: y\n\n");
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].event, "b");
    EXPECT_EQ(seen[1].event, "a");
}

TEST(Sse, FinishDeliversWhatIsLeft) {
    EXPECT_EQ(messages_of("data: x").at(0), (Seen{"", "x", "data: x"}));
    EXPECT_EQ(messages_of("event: e\ndata: x\n").at(0), (Seen{"e", "x", "event: e\ndata: x\n"}));
    EXPECT_EQ(messages_of("data: x\r\n\r").at(0), (Seen{"", "x", "data: x\r\n\r"}));
    EXPECT_EQ(messages_of("data: x\r").at(0), (Seen{"", "x", "data: x\r"}));
    EXPECT_TRUE(messages_of("").empty());
    EXPECT_TRUE(messages_of(": only a comment\n\n").empty());
    EXPECT_TRUE(messages_of("event: e\n").empty());
}

TEST(Sse, FinishIsIdempotent) {
    SseParser parser;
    int count = 0;
    const auto sink = [&](const SseMessage&) { ++count; };
    ASSERT_TRUE(parser.feed("data: a\n", sink));
    parser.finish(sink);
    parser.finish(sink);
    EXPECT_EQ(count, 1);
    EXPECT_FALSE(parser.pending());
}

TEST(Sse, LimitCountsRawBytes) {
    const std::string fits = "data: 12\n\n";
    const auto good = parse({fits + fits}, fits.size());
    EXPECT_TRUE(good.accepted);
    EXPECT_EQ(good.messages.size(), 2u);
    const auto bad = parse({fits + "data: 123\n\n" + fits, fits}, fits.size());
    EXPECT_FALSE(bad.accepted);
    EXPECT_EQ(bad.messages.size(), 1u);
    EXPECT_FALSE(parse({std::string(11, ':')}, 10).accepted);
}

// ---- properties over random streams and random splits

std::string random_stream(std::mt19937& random) {
    static constexpr std::array kPieces = {
        "data: ",
        "data:",
        "data",
        "event: ",
        "event:",
        "event",
        ":",
        ": note",
        "id: 1",
        "retry:",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\r",
        "\r\n\r\n",
        "x",
        "{\"a\":1}",
        " ",
        "dat",
        "\n\n",
        "\r\n\r\n",
        "data: {}\n\n",
        "event: e\ndata: y\n\n",
        "data: q\nevent: z\n\n",
        "data: \n\n",
        "\xEF\xBB\xBF",
        "\xC3\xA9",
    };
    std::string stream;
    if (random() % 4 == 0) stream += "\xEF\xBB\xBF";
    const std::size_t count = random() % 40;
    for (std::size_t i = 0; i < count; ++i) {
        if (random() % 20 == 0)
            stream.push_back(static_cast<char>(random() % 256));
        else
            stream += kPieces[random() % kPieces.size()];
        // As most messages of a stream are alike.
        if (random() % 10 == 0) stream += stream.substr(random() % stream.size());
    }
    return stream;
}

std::vector<std::string> random_split(const std::string& stream, std::mt19937& random) {
    std::vector<std::string> pieces;
    const std::size_t largest = 1 + random() % 12;
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t size = random() % (largest + 1);
        pieces.push_back(stream.substr(at, size));
        at += size;
    }
    return pieces;
}

/// What the standard says, in the plainest form: lines first, then fields. Only (event, data).
std::vector<std::pair<std::string, std::string>> by_the_standard(std::string stream) {
    if (stream.starts_with("\xEF\xBB\xBF")) stream.erase(0, 3);
    std::vector<std::string> lines(1);
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (stream[i] == '\r' && i + 1 < stream.size() && stream[i + 1] == '\n') ++i;
        if (stream[i] == '\r' || stream[i] == '\n')
            lines.emplace_back();
        else
            lines.back() += stream[i];
    }
    lines.emplace_back();  // finish() ends the last message
    std::vector<std::pair<std::string, std::string>> messages;
    std::string event, data;
    for (const std::string& line : lines) {
        if (line.empty()) {
            if (!data.empty()) messages.emplace_back(event, data.substr(0, data.size() - 1));
            event.clear(), data.clear();
            continue;
        }
        const std::size_t colon = line.find(':');
        std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
        if (value.starts_with(' ')) value.erase(0, 1);
        if (line.substr(0, colon) == "data") data += value + "\n";
        if (line.substr(0, colon) == "event") event = value;
    }
    return messages;
}

TEST(SseProperty, AnySplitGivesTheSameMessages) {
    std::mt19937 random(7);
    for (int round = 0; round < 6000; ++round) {
        const std::string stream = random_stream(random);
        const Outcome whole = parse({stream});
        const Outcome pieces = parse(random_split(stream, random));
        ASSERT_EQ(whole.messages, pieces.messages) << testing::PrintToString(stream);
        ASSERT_EQ(whole.before_finish, pieces.before_finish) << testing::PrintToString(stream);
        ASSERT_EQ(whole.pending, pieces.pending) << testing::PrintToString(stream);
    }
}

TEST(SseProperty, AgreesWithTheStandard) {
    std::mt19937 random(8);
    for (int round = 0; round < 6000; ++round) {
        const std::string stream = random_stream(random);
        std::vector<std::pair<std::string, std::string>> seen;
        for (const Seen& message : messages_of(stream))
            seen.emplace_back(message.event, message.data);
        ASSERT_EQ(seen, by_the_standard(stream)) << testing::PrintToString(stream);
    }
}

TEST(SseProperty, RawBytesAreTheStream) {
    std::mt19937 random(9);
    for (int round = 0; round < 6000; ++round) {
        const std::string stream = random_stream(random);
        const Outcome outcome = parse(random_split(stream, random));
        std::string raw;
        for (const Seen& message : outcome.messages) raw += message.raw;
        ASSERT_TRUE(stream.starts_with(raw)) << testing::PrintToString(stream);
        // A rest holds no data line, or finish() would have delivered it.
        // (A BOM that opens the rest is not at the start of the stream; the line end before says
        // so.)
        const std::string before = raw.empty() ? "" : "\n";
        ASSERT_TRUE(by_the_standard(before + stream.substr(raw.size())).empty())
            << testing::PrintToString(stream);
    }
}

TEST(SseProperty, LimitDoesNotDependOnTheSplit) {
    std::mt19937 random(10);
    for (int round = 0; round < 6000; ++round) {
        const std::string stream = random_stream(random);
        const std::size_t limit = 1 + random() % 30;
        const Outcome whole = parse({stream}, limit);
        const Outcome pieces = parse(random_split(stream, random), limit);
        ASSERT_EQ(whole.accepted, pieces.accepted) << testing::PrintToString(stream);
        ASSERT_EQ(whole.messages, pieces.messages) << testing::PrintToString(stream);
    }
}

}  // namespace
}  // namespace ccr::net
