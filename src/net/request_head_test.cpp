#include "net/request_head.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ccr::net {
namespace {

std::string with(std::string_view fields,
                 std::string_view line = "POST /v1/messages?beta=true HTTP/1.1") {
    return fmt::format("{}\r\nHost: localhost:3456\r\n{}\r\n", line, fields);
}

TEST(RequestHead, AGoodHeadIsReadCompletely) {
    const auto parsed =
        parse_head(with("Content-Length: 12\r\nX-Empty:\r\nX-Spaced: \t a b \t\r\n"
                        "Expect: 100-Continue\r\n"));
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->head.method, "POST");
    EXPECT_EQ(parsed->head.target, "/v1/messages?beta=true");
    EXPECT_EQ(parsed->head.path, "/v1/messages");
    EXPECT_EQ(parsed->head.query, "beta=true");
    EXPECT_EQ(parsed->head.headers.get("x-spaced"), "a b");
    EXPECT_EQ(parsed->head.headers.get("x-empty"), "");
    EXPECT_EQ(parsed->body.kind, BodyKind::length);
    EXPECT_EQ(parsed->body.length, 12u);
    EXPECT_TRUE(parsed->body.expects_continue);
    EXPECT_TRUE(parsed->http11);
    EXPECT_TRUE(parsed->keep_alive);
}

TEST(RequestHead, FramingAndConnectionFollowTheFields) {
    EXPECT_EQ(parse_head(with(""))->body.kind, BodyKind::none);
    EXPECT_EQ(parse_head(with("Content-Length: 0\r\n"))->body.kind, BodyKind::none);
    EXPECT_EQ(parse_head(with("Transfer-Encoding: Chunked\r\n"))->body.kind, BodyKind::chunked);
    EXPECT_FALSE(parse_head(with("Connection: TE, close\r\n"))->keep_alive);
    EXPECT_FALSE(parse_head("GET / HTTP/1.0\r\n\r\n")->keep_alive);
    EXPECT_TRUE(parse_head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->keep_alive);
    const auto old =
        parse_head(with("Content-Length: 1\r\nExpect: 100-continue\r\n", "POST / HTTP/1.0"));
    EXPECT_FALSE(old->body.expects_continue);
}

TEST(RequestHead, TargetsOfAllForms) {
    EXPECT_EQ(parse_head("GET http://a:1/x?y HTTP/1.1\r\nHost: A:1\r\n\r\n")->head.path, "/x");
    EXPECT_EQ(parse_head("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n")->head.path, "/");
    EXPECT_EQ(parse_head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")->head.path, "*");
    EXPECT_EQ(parse_head("GET /a?b?c=http://d HTTP/1.1\r\nHost: a\r\n\r\n")->head.query,
              "b?c=http://d");
    EXPECT_FALSE(parse_head("GET http://evil/x HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_FALSE(parse_head("GET x HTTP/1.1\r\nHost: a\r\n\r\n"));
}

struct Refused {
    const char* name;
    std::string head;
};

std::vector<Refused> dangerous_heads() {
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
    return {
        {"other coding", with("Transfer-Encoding: gzip\r\n")},
        {"coding list", with("Transfer-Encoding: gzip, chunked\r\n")},
        {"chunked twice in a list", with("Transfer-Encoding: chunked, chunked\r\n")},
        {"repeated coding", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        {"identity beside chunked",
         with("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n")},
        {"empty coding", with("Transfer-Encoding:\r\n")},
        {"coding with parameter", with("Transfer-Encoding: chunked;a=b\r\n")},
        {"vertical tab before coding", with("Transfer-Encoding: \vchunked\r\n")},
        {"coding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
        {"length and coding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
        {"length and unknown coding", with("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n")},
        {"equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n")},
        {"two lengths", with("Content-Length: 5\r\ncontent-length: 6\r\n")},
        {"length list", with("Content-Length: 5, 5\r\n")},
        {"signed length", with("Content-Length: +5\r\n")},
        {"negative length", with("Content-Length: -5\r\n")},
        {"hexadecimal length", with("Content-Length: 0x5\r\n")},
        {"length with blank", with("Content-Length: 5 5\r\n")},
        {"empty length", with("Content-Length:\r\n")},
        {"huge length", with("Content-Length: 18446744073709551617\r\n")},
        {"very large length", with("Content-Length: 9223372036854775807\r\n")},
        {"two hosts", with("Host: b\r\n")},
        {"two equal hosts", with("host: localhost:3456\r\n")},
        {"no host", "GET / HTTP/1.1\r\n\r\n"},
        {"host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
        {"host with user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
        {"folded header", with("X-A: b\r\n c\r\n")},
        {"folded by tab", with("X-A: b\r\n\tc\r\n")},
        {"folded coding", with("Transfer-Encoding:\r\n chunked\r\n")},
        {"fold before fields", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        {"blank before colon", with("Content-Length : 5\r\n")},
        {"tab before colon", with("Transfer-Encoding\t: chunked\r\n")},
        {"no colon", with("nonsense\r\n")},
        {"empty name", with(": x\r\n")},
        {"name with brackets", with("X(A): b\r\n")},
        {"bare CR in value", with("X-A: b\rContent-Length: 5\r\n")},
        {"CR before CR LF", with("X-A: b\r\r\n")},
        {"NUL in value", with(std::string_view("X-A: b\0c\r\n", 10))},
        {"DEL in value", with("X-A: b\x7f\r\n")},
        {"NUL in name", with(std::string_view("X\0A: b\r\n", 8))},
        {"bare LF", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"},
        {"chunked in HTTP/1.0", with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0")},
        {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
        {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n"},
        {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n"},
        {"no version", "GET /\r\n\r\n"},
        {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"long version", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"blank in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"tab in target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"blank before method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"blank after version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"method with colon", "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"CR in request line", "GET / HTTP/1.1\rX\r\nHost: a\r\n\r\n"},
        {"bytes after the head", get + "\r\nX"},
        {"no end", get},
    };
}

TEST(RequestHead, DangerousHeadsAreRefused) {
    for (const Refused& refused : dangerous_heads()) {
        const auto parsed = parse_head(refused.head);
        ASSERT_FALSE(parsed) << refused.name;
        EXPECT_EQ(parsed.error().status, 400) << refused.name;
        EXPECT_FALSE(parsed.error().message.empty()) << refused.name;
    }
}

TEST(RequestHead, FieldsAreCounted) {
    std::string fields;
    for (std::size_t i = 1; i < kMaxFields; ++i) fields += "a:b\r\n";
    EXPECT_TRUE(parse_head(with(fields)));
    const auto refused = parse_head(with(fields + "a:b\r\n"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 431);
}

// Whatever byte stands wherever: a head is refused, or the framing it was accepted with is one that
// a plain reading of its lines gives too.
TEST(RequestHead, OneForeignByteNeverHidesTheLength) {
    const std::string good = with("Content-Length: 5\r\nX-A: b\r\n");
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string head = good;
            head[at] = static_cast<char>(byte);
            const auto parsed = parse_head(head);
            if (!parsed) continue;
            const auto length = parsed->head.headers.get("content-length");
            EXPECT_EQ(parsed->body.kind == BodyKind::length, length && *length != "0")
                << at << " " << byte;
            if (parsed->body.kind == BodyKind::length) {
                EXPECT_EQ(std::to_string(parsed->body.length),
                          length->substr(length->find_first_not_of('0')))
                    << at << " " << byte;
            }
            for (const auto& [name, value] : parsed->head.headers) {
                EXPECT_EQ((name + value).find_first_of(std::string_view("\r\n\0", 3)),
                          std::string::npos);
            }
        }
    }
}

TEST(HeadScanner, FindsTheEndInEverySplit) {
    const std::string head = with("X-A: b\r\n");
    const std::string bytes = head + "body\r\n\r\n";
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
        HeadScanner scanner;
        auto state = scanner.scan(std::string_view(bytes).substr(0, cut));
        EXPECT_EQ(state == HeadScanner::State::complete, cut >= head.size());
        if (state == HeadScanner::State::incomplete) state = scanner.scan(bytes);
        EXPECT_EQ(state, HeadScanner::State::complete);
        EXPECT_EQ(scanner.length(), head.size());
    }
    EXPECT_EQ(HeadScanner().scan("GET / HTTP/1.1\n"), HeadScanner::State::broken);
    EXPECT_EQ(HeadScanner().scan("\n"), HeadScanner::State::broken);
}

TEST(RequestHead, TheTargetOfABrokenHeadIsFoundWhereThereIsOne) {
    EXPECT_EQ(target_of("POST /v1/messages HTTP/1.1\r\nX"), "/v1/messages");
    EXPECT_EQ(target_of("POST /v1"), "/v1");
    EXPECT_EQ(target_of("POST"), "");
    EXPECT_EQ(target_of(""), "");
}

}  // namespace
}  // namespace ccr::net
