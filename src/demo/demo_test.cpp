// The demo over real sockets: every fault as a client sees it, on both protocols.
#include "demo/demo.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "chat/fold.h"
#include "chat/grammar.h"
#include "json/document.h"
#include "json/writer.h"
#include "wire/codec.h"

namespace ccr::demo {
namespace {

namespace asio = net::asio;
using asio::ip::tcp;
using Seconds = std::chrono::duration<double>;

// What came back, as far as it came.
struct Got {
    int status = 0;
    std::string head;
    std::string body;       // chunks joined
    bool complete = false;  // ended as its framing demands
    Seconds time{};
    Seconds first_byte{};
};

// Joins chunks; false when the last one is missing.
bool unchunk(std::string_view raw, std::string& out) {
    for (;;) {
        const std::size_t line = raw.find("\r\n");
        if (line == std::string_view::npos) return false;
        const std::size_t size = std::stoul(std::string(raw.substr(0, line)), nullptr, 16);
        raw.remove_prefix(line + 2);
        if (size == 0) return raw == "\r\n";
        out += raw.substr(0, size);
        if (raw.size() < size + 2) return false;
        raw.remove_prefix(size + 2);
    }
}

class Demo : public testing::Test {
  protected:
    Demo() {
        server_ =
            std::make_unique<net::HttpServer>(std::vector<asio::io_context*>{&context_},
                                              net::ServerLimits(), handler(), refusal_writer());
        port_ = server_->listen_tcp("127.0.0.1", 0).value();
        thread_ = std::thread([this] {
            const auto work = asio::make_work_guard(context_);
            context_.run();
        });
    }
    ~Demo() override {
        context_.stop();
        thread_.join();
        server_.reset();
    }

    Got exchange(const std::string& request) const;
    Got post(std::string_view path, const std::string& body) const {
        return exchange(
            fmt::format("POST {} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nContent-Type: "
                        "application/json\r\nContent-Length: {}\r\n\r\n{}",
                        path, body.size(), body));
    }
    Got ask(Protocol protocol, std::string_view text, bool stream) const;

    asio::io_context context_;
    std::unique_ptr<net::HttpServer> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

Got Demo::exchange(const std::string& request) const {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    const auto start = std::chrono::steady_clock::now();
    asio::write(socket, asio::buffer(request));
    Got got;
    std::string raw;
    boost::system::error_code end;
    while (!end) {
        char piece[65536];
        const std::size_t count = socket.read_some(asio::buffer(piece), end);
        if (raw.empty() && count > 0) got.first_byte = std::chrono::steady_clock::now() - start;
        raw.append(piece, count);
    }
    got.time = std::chrono::steady_clock::now() - start;
    const std::size_t split = raw.find("\r\n\r\n");
    if (split == std::string::npos) return got;
    got.head = raw.substr(0, split + 2);
    got.status = std::stoi(got.head.substr(9, 3));
    const std::string rest = raw.substr(split + 4);
    if (got.head.find("chunked") != std::string::npos) {
        got.complete = unchunk(rest, got.body);
    } else {
        got.body = rest;
        got.complete = true;
    }
    return got;
}

std::string_view path_of(Protocol protocol) {
    return protocol == Protocol::anthropic ? "/v1/messages" : "/v1/chat/completions";
}

std::string body_for(std::string_view text, bool stream, std::string_view more = "") {
    std::string body;
    json::Writer w(body);
    w.open_object()
        .member("model", "m")
        .member("max_tokens", std::int64_t{100})
        .key("stream")
        .boolean(stream);
    w.key("messages")
        .open_array()
        .open_object()
        .member("role", "user")
        .member("content", text)
        .close_object()
        .close_array();
    if (!more.empty()) w.key("tools").raw(more);
    w.close_object();
    return body;
}

Got Demo::ask(Protocol protocol, std::string_view text, bool stream) const {
    return post(path_of(protocol), body_for(text, stream));
}

// A stream as ccr itself reads it.
struct Read {
    chat::Reply reply;
    std::optional<Error> failure;
    bool finished = false;
    std::int64_t messages = 0;
    std::string text;
};

Read read(Protocol protocol, const std::string& body) {
    Read out;
    const wire::Target target{"demo", "m", "", "", true};
    const auto decoder = wire::codec_of(protocol)->open_decoder(target);
    chat::Fold fold;
    chat::GrammarGuard guard;
    const auto take = [&](chat::Events& events) {
        for (const chat::StreamEvent& event : events) {
            EXPECT_EQ(guard.check(event), "");
            fold.feed(event);
        }
        events.clear();
    };
    chat::Events events;
    net::SseParser parser;
    const auto sink = [&](const net::SseMessage& message) {
        ++out.messages;
        decoder->feed(message, events);
        take(events);
    };
    parser.feed(body, sink);
    parser.finish(sink);
    decoder->finish(events);
    take(events);
    if (fold.failure()) out.failure = *fold.failure();
    out.finished = fold.finished();
    out.reply = fold.take();
    for (const chat::Part& part : out.reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.text += prose->text.decode();
    }
    return out;
}

class Both : public Demo, public testing::WithParamInterface<Protocol> {};
INSTANTIATE_TEST_SUITE_P(Protocols, Both,
                         testing::Values(Protocol::anthropic, Protocol::openai_chat),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST_P(Both, AnswersStreamedAndComplete) {
    const Got streamed = ask(GetParam(), "Hello", true);
    EXPECT_EQ(streamed.status, 200);
    EXPECT_TRUE(streamed.complete);
    EXPECT_NE(streamed.head.find("text/event-stream"), std::string::npos);
    const Read read_back = read(GetParam(), streamed.body);
    EXPECT_TRUE(read_back.finished);
    EXPECT_GT(read_back.messages, 10);
    EXPECT_TRUE(read_back.text.starts_with(
        "This is ccr's built-in demo provider, not a real model. You wrote: \"Hello\"."))
        << read_back.text;

    const Got complete = ask(GetParam(), "Hello", false);
    const auto reply = wire::codec_of(GetParam())->decode_reply(complete.body, {});
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->parts.at(0).as<chat::Prose>()->text.decode(), read_back.text);
    EXPECT_GT(reply->usage.whole_input(), 10);
    EXPECT_GT(reply->usage.output.value_or(0), 10);
}

TEST_P(Both, CallsATool) {
    const std::string tool =
        GetParam() == Protocol::anthropic
            ? R"([{"name":"Read","input_schema":{"type":"object"}}])"
            : R"([{"type":"function","function":{"name":"Read","parameters":{"type":"object"}}}])";
    for (const bool stream : {true, false}) {
        const Got got = post(path_of(GetParam()),
                             body_for(R"(demo: tool Read {"a": "b, \"c\""})", stream, tool));
        chat::Reply reply = stream ? read(GetParam(), got.body).reply
                                   : wire::codec_of(GetParam())->decode_reply(got.body, {}).value();
        const auto* call = reply.parts.back().as<chat::ToolCall>();
        ASSERT_TRUE(call) << got.body;
        EXPECT_EQ(call->arguments, R"({"a": "b, \"c\""})");
        EXPECT_EQ(reply.stop, chat::StopReason::tool_use);
    }
}

TEST_P(Both, DropBreaksTheConnection) {
    for (const int count : {0, 1, 4}) {
        const Got got = ask(GetParam(), fmt::format("demo: drop {}", count), true);
        EXPECT_FALSE(got.complete);
        EXPECT_EQ(read(GetParam(), got.body).messages, count);
        EXPECT_EQ(got.status, count == 0 ? 0 : 200);
    }
    EXPECT_FALSE(ask(GetParam(), "demo: drop", false).complete);
}

TEST_P(Both, TruncateEndsCleanlyTooEarly) {
    const Got got = ask(GetParam(), "demo: truncate 5", true);
    EXPECT_TRUE(got.complete);
    const Read read_back = read(GetParam(), got.body);
    EXPECT_EQ(read_back.messages, 5);
    EXPECT_FALSE(read_back.finished);
    EXPECT_TRUE(read_back.failure);
    EXPECT_FALSE(wire::codec_of(GetParam())
                     ->decode_reply(ask(GetParam(), "demo: truncate", false).body, {}));
}

TEST_P(Both, ErrorsComeInsideA200) {
    const Got first = ask(GetParam(), "demo: error", true);
    EXPECT_EQ(first.status, 200);
    EXPECT_TRUE(read(GetParam(), first.body).failure);
    EXPECT_EQ(read(GetParam(), first.body).messages, 1);
    const Got later = ask(GetParam(), "demo: midstream-error 6", true);
    EXPECT_TRUE(later.complete);
    const Read read_back = read(GetParam(), later.body);
    EXPECT_EQ(read_back.messages, 7);
    ASSERT_TRUE(read_back.failure);
    EXPECT_NE(read_back.failure->message.find("because you asked it to"), std::string::npos);
    const Got complete = ask(GetParam(), "demo: error", false);
    EXPECT_EQ(complete.status, 200);
    EXPECT_FALSE(wire::codec_of(GetParam())->decode_reply(complete.body, {}));
}

TEST_P(Both, GarbageIsNoStream) {
    const Got got = ask(GetParam(), "demo: garbage", true);
    EXPECT_TRUE(got.complete);
    EXPECT_TRUE(read(GetParam(), got.body).failure);
    EXPECT_FALSE(
        wire::codec_of(GetParam())->decode_reply(ask(GetParam(), "demo: garbage", false).body, {}));
}

TEST_P(Both, RateLimitsTheFirstTryOnly) {
    for (const bool stream : {true, false}) {
        const Got first = ask(GetParam(), "demo: 429 please", stream);
        EXPECT_EQ(first.status, 429);
        EXPECT_NE(first.head.find("retry-after: 1\r\n"), std::string::npos) << first.head;
        EXPECT_NE(first.body.find("rate_limit_error"), std::string::npos);
        EXPECT_EQ(ask(GetParam(), "demo: 429 please", stream).status, 200);
    }
}

TEST_P(Both, AnswersAnyErrorStatus) {
    for (const int status : {400, 401, 404, 429, 500, 503, 529}) {
        const Got got = ask(GetParam(), fmt::format("demo: status {}", status), true);
        EXPECT_EQ(got.status, status);
        json::Document document;
        const auto root = document.parse(got.body);
        ASSERT_TRUE(root);
        EXPECT_TRUE((*root)["error"]["message"].is_string());
    }
}

TEST_P(Both, SilenceHoldsBackTheWholeAnswerOrItsRest) {
    const Got whole = ask(GetParam(), "demo: silence 1", true);
    EXPECT_GE(whole.first_byte.count(), 1.0);
    EXPECT_TRUE(read(GetParam(), whole.body).finished);
    const Got rest = ask(GetParam(), "demo: silence 1 3", true);
    EXPECT_GE(rest.time.count(), 1.0);
    EXPECT_LT(rest.first_byte.count(), rest.time.count() - 0.5);
    EXPECT_TRUE(read(GetParam(), rest.body).finished);
    EXPECT_GE(ask(GetParam(), "demo: silence 1", false).first_byte.count(), 1.0);
}

TEST_P(Both, LongAndHugeHaveTheirSizes) {
    const Read text = read(GetParam(), ask(GetParam(), "demo: long 300", true).body);
    EXPECT_TRUE(text.finished);
    EXPECT_GE(text.text.size(), 300u * 1024);
    EXPECT_LT(text.text.size(), 301u * 1024);
    const Got huge = ask(GetParam(), "demo: huge", true);
    EXPECT_GE(read(GetParam(), huge.body).text.size(), 4096u * 1024);
    EXPECT_LT(read(GetParam(), huge.body).messages, 100);
    const Got complete = ask(GetParam(), "demo: long 300", false);
    const auto reply = wire::codec_of(GetParam())->decode_reply(complete.body, {});
    EXPECT_EQ(reply->parts.at(0).as<chat::Prose>()->text.decode(), text.text);
}

TEST_P(Both, RefusesWhatItCannotRead) {
    for (const char* body : {"", "{", "[]", "{\"model\":\"m\"}", "\xFF"}) {
        const Got got = post(path_of(GetParam()), body);
        EXPECT_EQ(got.status, 400) << body;
        EXPECT_NE(got.body.find("invalid_request_error"), std::string::npos);
    }
    EXPECT_EQ(post("/v1/nothing", "{}").status, 404);
    EXPECT_EQ(exchange(fmt::format("GET {} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
                                   path_of(GetParam())))
                  .status,
              405);
}

TEST_F(Demo, SlowIsAMessageEach200Milliseconds) {
    // An answer of few words: a call that the request demands.
    std::string body =
        body_for("demo: slow", true, R"([{"type":"function","function":{"name":"f"}}])");
    body.replace(body.size() - 1, 1, R"(,"tool_choice":"required"})");
    const Got got = post("/v1/chat/completions", body);
    const Read read_back = read(Protocol::openai_chat, got.body);
    EXPECT_TRUE(read_back.finished);
    EXPECT_GE(read_back.messages, 4);
    EXPECT_GE(got.time.count(), 0.2 * static_cast<double>(read_back.messages));
}

TEST_F(Demo, ChatUsageOnlyWhenAskedFor) {
    const std::string plain = body_for("Hi", true);
    EXPECT_EQ(post("/v1/chat/completions", plain).body.find("prompt_tokens"), std::string::npos);
    const std::string asked =
        plain.substr(0, plain.size() - 1) + R"(,"stream_options":{"include_usage":true}})";
    EXPECT_NE(post("/v1/chat/completions", asked).body.find("prompt_tokens"), std::string::npos);
}

TEST_F(Demo, ListsItsModelAndCountsTokens) {
    const Got list = exchange("GET /v1/models HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(list.status, 200);
    EXPECT_NE(list.body.find(R"("id":"demo")"), std::string::npos);
    const Got count = post("/v1/messages/count_tokens", body_for("Hi", false));
    json::Document document;
    const auto root = document.parse(count.body);
    ASSERT_TRUE(root);
    EXPECT_GT((*root)["input_tokens"].integer().value_or(0), 10);
}

// The wait of a silence ends with the client that waits for it.
TEST_F(Demo, AClientThatLeavesEndsItsWait) {
    {
        asio::io_context context;
        tcp::socket socket(context);
        socket.connect({asio::ip::make_address("127.0.0.1"), port_});
        const std::string body = body_for("demo: silence 600", true);
        asio::write(socket,
                    asio::buffer(fmt::format(
                        "POST /v1/messages HTTP/1.1\r\nHost: d\r\nContent-Length: {}\r\n\r\n{}",
                        body.size(), body)));
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (server_->active() == 0 && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        EXPECT_EQ(server_->active(), 1u);
    }
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (server_->active() > 0 && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(server_->active(), 0u);
}

}  // namespace
}  // namespace ccr::demo
