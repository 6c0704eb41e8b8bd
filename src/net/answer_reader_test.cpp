#include "net/answer_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ccr::net {
namespace {

struct Read {
    int status = 0;
    std::string body;
    bool done = false;
    bool keeps = false;
    std::string problem;

    bool operator==(const Read&) const = default;
    friend void PrintTo(const Read& read, std::ostream* out) {
        *out << read.status << (read.done ? " done" : "") << (read.keeps ? " keeps" : "") << " '"
             << read.body << "' " << read.problem;
    }
};

/// Feeds `bytes` cut at `cuts`, then the connection's end.
Read read_in_pieces(std::string bytes, const std::vector<std::size_t>& cuts, bool to_head = false) {
    AnswerReader reader(to_head);
    Read read;
    std::size_t at = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const std::size_t end = i < cuts.size() ? cuts[i] : bytes.size();
        std::string piece = bytes.substr(at, end - at);
        at = end;
        read.body += reader.feed(piece);
    }
    read.keeps = reader.keeps_connection();
    reader.finish();
    read.problem = reader.problem();
    read.status = reader.status();
    read.done = reader.done();
    return read;
}

Read read_whole(const std::string& bytes, bool to_head = false) {
    return read_in_pieces(bytes, {}, to_head);
}

const std::string kAnswers[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: t\r\n\r\n",
    "HTTP/1.0 200 OK\n\nuntil the end",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    "SSH-2.0-x\r\n",
};

TEST(AnswerReader, ReadsEveryAnswerTheSameHoweverItIsCut) {
    for (const std::string& answer : kAnswers) {
        const Read whole = read_whole(answer);
        for (std::size_t cut = 0; cut <= answer.size(); ++cut)
            ASSERT_EQ(read_in_pieces(answer, {cut}), whole) << answer << " cut at " << cut;
        std::vector<std::size_t> every;
        for (std::size_t at = 1; at < answer.size(); ++at) every.push_back(at);
        ASSERT_EQ(read_in_pieces(answer, every), whole) << answer << " byte by byte";
    }
}

TEST(AnswerReader, GarbageGivesTheSameHoweverItIsCut) {
    std::mt19937 random(11);
    for (int round = 0; round < 3000; ++round) {
        std::string answer = kAnswers[random() % std::size(kAnswers)];
        for (unsigned i = random() % 4; i > 0; --i)
            answer[random() % answer.size()] = static_cast<char>(random());
        const std::size_t cut = random() % answer.size();
        ASSERT_EQ(read_in_pieces(answer, {cut}), read_whole(answer))
            << testing::PrintToString(answer) << " cut at " << cut;
    }
}

TEST(AnswerReader, KnowsWhetherTheConnectionMayBeUsedAgain) {
    const auto keeps = [](const std::string& head, const std::string& body = "") {
        return read_whole("HTTP/1." + head + "\r\n\r\n" + body).keeps;
    };
    EXPECT_TRUE(keeps("1 200 OK\r\nContent-Length: 2", "ok"));
    EXPECT_TRUE(keeps("1 204 No Content"));
    EXPECT_TRUE(keeps("0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2", "ok"));
    EXPECT_FALSE(keeps("0 200 OK\r\nContent-Length: 2", "ok"));
    EXPECT_FALSE(keeps("1 200 OK\r\nConnection: close, keep-alive\r\nContent-Length: 2", "ok"));
    EXPECT_FALSE(
        keeps("0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
    EXPECT_FALSE(keeps("1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2", "ok"));
    EXPECT_FALSE(keeps("1 200 OK\r\nContent-Length: 2", "okHTTP/1.1 200"));
    EXPECT_FALSE(keeps("1 200 OK", "until the end"));
    EXPECT_FALSE(keeps("1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
}

TEST(AnswerReader, RefusesWhatTwoReadersCouldTakeDifferently) {
    for (const char* head :
         {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
          "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!",
          "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n",
          "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n"}) {
        EXPECT_NE(read_whole(head).problem, "") << head;
    }
}

TEST(AnswerReader, AnAnswerToHeadHasNoBody) {
    const Read read = read_whole("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true);
    EXPECT_EQ(read.problem, "");
    EXPECT_TRUE(read.keeps);
}

}  // namespace
}  // namespace ccr::net
