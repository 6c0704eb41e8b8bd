// What callgrind counts (bench/instructions.sh): codecs on recorded requests, streams, framing of
// events, tokens, routing, and whole requests through a gateway in this process.
//
// Each case runs once uncounted, so that tables are made, and then a fixed number of times; its
// count is dumped under its name and that number. One thread.
#include <valgrind/callgrind.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "config/loader.h"
#include "doctor/own_exchange.h"
#include "gateway/facts.h"
#include "gateway/gateway.h"
#include "tokens/choose.h"
#include "tokens/count.h"
#include "tokens/estimate.h"

namespace ccr {
namespace {

constexpr int kTimes = 5;
constexpr int kEvents = 120;

[[noreturn]] void die(const std::string& reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    std::exit(1);
}

template <typename Work>
void count(const std::string& name, const Work& work) {
    // Named: the request below outlives an expression.
    const std::string label = name + "=" + std::to_string(kTimes);
    work();
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    for (int i = 0; i < kTimes; ++i) work();
    CALLGRIND_DUMP_STATS_AT(label.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
}

struct Wire {
    const char* name;
    Protocol protocol;
    const char* recorded;
};
constexpr Wire kWires[] = {
    {"messages", Protocol::anthropic, "claude-code/tool-result-turn"},
    {"chat", Protocol::openai_chat, "opencode/chat-tool-loop-3"},
    {"responses", Protocol::openai_responses, "codex/tool-loop-4"},
    {"gemini", Protocol::gemini, "gemini/tool-loop-5"},
};

const wire::Codec& codec(const Wire& wire) {
    return *wire::codec_of(wire.protocol);
}

wire::Target target() {
    return {"mock", "mock-large", "http://127.0.0.1/v1/chat/completions", "key", true};
}

struct Request {
    explicit Request(const Wire& wire) {
        std::ifstream file(CCR_SOURCE_DIR "/tests/fixtures/" + std::string(wire.recorded) +
                           ".json");
        const std::string recorded{std::istreambuf_iterator<char>(file), {}};
        json::Document whole;
        const auto outer = whole.parse(recorded);
        if (!outer) die(std::string("cannot read the recorded request ") + wire.recorded);
        body = std::string((*outer)["body"].raw());
        for (const auto& [key, value] : (*outer)["headers"].members())
            headers.add(key.text().decode(), value.text().decode());
        root = *document.parse(body);
        conversation = *codec(wire).decode_request(root, {"mock-large", true});
    }
    std::string body;
    net::Headers headers;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
};

void count_requests() {
    for (const Wire& wire : kWires) {
        const Request request(wire);
        const std::string name = wire.name;
        json::Document document;
        count("index " + name, [&] { (void)document.parse(request.body); });
        count("decode " + name,
              [&] { (void)codec(wire).decode_request(request.root, {"mock-large", true}); });
        count("encode " + name,
              [&] { (void)codec(wire).encode_request(request.conversation, target()); });
        count("splice " + name, [&] { (void)codec(wire).splice_request(request.root, target()); });
    }
}

std::string chat_stream() {
    std::string out =
        R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
        "\n\n";
    for (int i = 0; i < kEvents; ++i)
        out +=
            R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"word )" +
            std::to_string(i) + R"( and "},"finish_reason":null}]})" + "\n\n";
    return out +
           "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
}

std::string translated(const std::string& stream, const Wire& from, const Wire& to) {
    net::SseParser parser;
    const auto decoder = codec(from).open_decoder(target());
    const auto encoder = codec(to).open_encoder({"req", 10, "m", true});
    chat::Events events;
    std::string out;
    const auto pass = [&] {
        for (const chat::StreamEvent& event : events) encoder->feed(event, out);
        events.clear();
    };
    parser.feed(stream, [&](const net::SseMessage& message) {
        decoder->feed(message, events);
        pass();
    });
    decoder->finish(events);
    pass();
    return out;
}

void count_streams() {
    const std::string chat = chat_stream();
    count("frame events", [&] {
        net::SseParser parser;
        parser.feed(chat, [](const net::SseMessage&) {});
    });
    for (const Wire& wire : kWires) {
        const std::string stream = translated(chat, kWires[1], wire);
        if (stream.size() < chat.size() / 4) die("a stream was cut short");
        count(std::string("stream ") + wire.name + " to messages",
              [&] { (void)translated(stream, wire, kWires[0]); });
        count(std::string("stream chat to ") + wire.name,
              [&] { (void)translated(chat, kWires[1], wire); });
    }
}

config::Config config_with(const std::string& more) {
    auto config =
        config::parse_config("{Providers: [" + more +
                                 "{name: 'p', api_base_url: 'https://p.invalid/v1/messages', "
                                 "api_key: 'k', models: ['a', 'b']}], Router: {default: 'p,a', "
                                 "think: 'p,b', longContext: "
                                 "'p,b', rules: [{name: 'r', when: {model: '*opus*', headers: "
                                 "{'x-team': 'blue*'}}, use: "
                                 "'p,b'}]}}",
                             "bench.json5", [](auto) { return std::optional<std::string>(); });
    if (!config) die(config.error().message);
    return std::move(*config);
}

void count_routing() {
    const Request request(kWires[0]);
    const config::Config config = config_with("");
    count("facts", [&] {
        (void)gateway::facts_of(request.headers, request.conversation, Protocol::anthropic, {},
                                config);
    });
    const route::Facts facts =
        gateway::facts_of(request.headers, request.conversation, Protocol::anthropic, {}, config);
    count("route", [&] { (void)route::decide(facts, config, route::Telling::briefly); });
    count("estimate tokens", [&] { (void)tokens::estimate(request.conversation); });
    count("count tokens cl100k", [&] { (void)tokens::cl100k().count(request.body); });
    count("count tokens o200k", [&] { (void)tokens::o200k().count(request.body); });
}

// A gateway and its upstream on one context, so that everything happens in one order.
class Whole {
  public:
    explicit Whole(std::string answer)
        : answer_(std::move(answer)),
          server_(
              {&context_}, {}, [this](net::Exchange& exchange) { return serve(exchange); },
              [](const Error&, std::string_view) { return net::Answer(); }) {
        const auto port = server_.listen_tcp("127.0.0.1", 0);
        if (!port) die(port.error().message);
        const std::string base = "http://127.0.0.1:" + std::to_string(*port);
        config_ = std::make_shared<config::Config>(config_with(
            "{name: 'up', api_base_url: '" + base +
            "/v1/chat/completions', api_key: 'k', models: ['m']}, {name: 'same', api_base_url: '" +
            base + "/v1/messages', api_key: 'k', models: ['m']},"));
        gateway::GatewayOptions options;
        options.config = [this] { return config_; };
        options.port = [] { return std::uint16_t{0}; };
        gateway_.emplace(std::vector<net::asio::io_context*>{&context_}, std::move(options));
    }

    void ask(const std::string& body) {
        std::string padded = body;
        padded.reserve(body.size() + net::kBodyPadding);
        doctor::OwnExchange exchange(std::move(padded), "");
        const net::Handler handler = gateway_->handler();
        context_.restart();
        net::asio::co_spawn(context_, handler(exchange),
                            [this](const std::exception_ptr&) { context_.stop(); });
        context_.run();
        if (exchange.status() != 200 || exchange.text().find("message_stop") == std::string::npos)
            die("a whole request was answered with: " + exchange.text().substr(0, 500));
    }

  private:
    net::Task<void> serve(net::Exchange& exchange) {
        (void)co_await exchange.read_body(std::size_t{1} << 30);
        net::Headers headers;
        headers.add("content-type", "text/event-stream");
        (void)co_await exchange.send_chunked(200, std::move(headers), answer_);
    }

    std::string answer_;
    net::asio::io_context context_{1};
    net::HttpServer server_;
    config::ConfigPtr config_;
    std::optional<gateway::Gateway> gateway_;
};

void count_whole() {
    const std::string chat = chat_stream();
    const Request request(kWires[0]);
    const json::View model = request.root["model"];
    const auto asking = [&](std::string_view name) {
        return json::apply(request.body,
                           {{model.begin(), model.end(), "\"" + std::string(name) + "\""}});
    };
    Whole translating(chat), passing(translated(chat, kWires[1], kWires[0]));
    const std::string to_chat = asking("up,m"), to_messages = asking("same,m");
    translating.ask(to_chat);
    count("whole request, translated", [&] { translating.ask(to_chat); });
    passing.ask(to_messages);
    count("whole request, verbatim", [&] { passing.ask(to_messages); });
}

}  // namespace
}  // namespace ccr

int main() {
    ccr::count_requests();
    ccr::count_streams();
    ccr::count_routing();
    ccr::count_whole();
}
