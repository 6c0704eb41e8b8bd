#include "doctor/own_gateway.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>

#include "base/redact.h"
#include "chat/fold.h"
#include "doctor/own_exchange.h"
#include "gateway/gateway.h"
#include "json/document.h"
#include "wire/codec.h"

namespace ccr::doctor {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kContent = "content_block_delta";
// How net/ begins what it says of connections that did not come about; a client is told no more.
constexpr std::array<std::string_view, 6> kNoConnection{
    "Cannot connect to", "Cannot find the address",
    "No connection to",  "TLS: ",
    "The TLS handshake", "The proxy "};

struct Patience {
    milliseconds total{0}, silence{0};  // 0 = as the configuration has it
};

void bound(std::optional<milliseconds>& time, milliseconds most) {
    if (most.count() > 0) time = std::min(time.value_or(most), most);
}

void bound(config::Timeouts& times, const Patience& patience) {
    for (auto* const time : {&times.connect, &times.first_event, &times.idle}) {
        bound(*time, patience.total);
        bound(*time, patience.silence);
    }
    bound(times.total, patience.total);
}

// Without the door's key, tries, fallbacks and rules: this asks one model and no other.
config::ConfigPtr narrowed(const config::Config& config, const Patience& patience) {
    auto out = std::make_shared<config::Config>(config);
    out->access = {};
    out->routing = {};
    out->retry.most = 0;
    out->hedge.reset();
    out->continue_midstream = false;
    out->scripts.custom_router.clear();
    bound(out->timeouts, patience);
    for (config::Provider& provider : out->providers) {
        std::vector<config::Provider*> all{&provider};
        for (config::Provider& by_key : provider.by_key) all.push_back(&by_key);
        for (config::Provider* const one : all) {
            one->retry.most = 0;
            one->continue_midstream.reset();
            bound(one->timeouts, patience);
        }
    }
    return out;
}

void read(const chat::Reply& from, Reply& out) {
    for (const chat::Part& part : from.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out.text += prose->text.decode();
        if (const auto* call = part.as<chat::ToolCall>())
            out.calls.push_back({call->name.decode(), std::string(call->arguments)});
        out.has_thoughts = out.has_thoughts || part.as<chat::Reasoning>() != nullptr;
    }
    out.is_cut = from.stop == chat::StopReason::max_tokens;
    out.output_tokens = from.usage.output.value_or(0);
}

void fail_with(std::string kind, std::string message, Reply& out) {
    out.kind = std::move(kind);
    out.message = redact::text(message);
}

void read_stream(const wire::Codec& codec, std::string_view bytes, Reply& out) {
    const auto decoder = codec.open_decoder({});
    chat::Fold fold;
    const auto feed = [&](chat::Events& events) {
        for (const chat::StreamEvent& event : events) fold.feed(event);
        events.clear();
    };
    const auto sink = [&](const net::SseMessage& message) {
        chat::Events events;
        decoder->feed(message, events);
        feed(events);
    };
    net::SseParser parser;
    parser.feed(bytes, sink);
    parser.finish(sink);
    chat::Events last;
    decoder->finish(last);
    feed(last);
    out.began = bytes.find(kContent) != std::string_view::npos;
    if (const Error* failure = fold.failure())
        fail_with(std::string(traits_of(failure->kind).name), failure->message, out);
    read(fold.take(), out);
}

Reply read_whole(const wire::Codec& codec, const OwnExchange& exchange) {
    Reply out;
    out.status = exchange.status();
    if (out.status == 200) {
        const auto reply = codec.decode_reply(exchange.text(), {});
        out.began = reply.has_value();
        if (reply) read(*reply, out);
        if (!reply) fail_with("api_error", reply.error().message, out);
        return out;
    }
    json::Document document;
    const auto root = document.parse(exchange.text());
    if (!root) {
        out.status = 0;
        fail_with("api_error", "the answer broke off", out);
        return out;
    }
    fail_with((*root)["error"]["type"].text().decode(), (*root)["error"]["message"].text().decode(),
              out);
    return out;
}

Reply read(const OwnExchange& exchange) {
    const wire::Codec& codec = *wire::codec_of(Protocol::anthropic);
    const bool is_stream =
        exchange.status() == 200 && exchange.text().find("event:") < 64 && !exchange.text().empty();
    if (!is_stream) return read_whole(codec, exchange);
    Reply out;
    out.status = 200;
    read_stream(codec, exchange.text(), out);
    return out;
}

}  // namespace

bool Reply::reached() const {
    return status == 200 || (status != 0 && status != 502 && status != 503 && status != 504) ||
           kind == "overloaded_error";
}

bool Reply::connected() const {
    // A status that ccr itself gives, also where the client's stream had been opened before.
    const bool is_ours = status == 0 || status == 502 || status == 504 || (status == 200 && !began);
    return !is_ours || std::ranges::none_of(kNoConnection, [&](std::string_view words) {
        return message.starts_with(words);
    });
}

bool Reply::timed_out() const {
    return !answered() && (status == 504 || kind == "timeout_error" || kind == "upstream_timeout");
}

bool Reply::is_overload() const {
    if (answered()) return false;
    return status == 429 || status == 503 || status == 529 || kind == "overloaded_error" ||
           kind == "overloaded" || kind == "rate_limit_error" || kind == "rate_limit";
}

bool Reply::key_is_good() const {
    return reached() && status != 401 && status != 403;
}

class OwnGateway::Impl {
  public:
    Impl(const config::Config& config, milliseconds patience)
        : all_(config), patience_{patience, {}}, config_(narrowed(config, patience_)) {
        gateway::GatewayOptions options;
        options.config = [this] { return config_; };
        options.port = [] { return std::uint16_t{0}; };
        options.memory = &memory_;
        gateway_.emplace(std::vector<net::asio::io_context*>{&context_}, std::move(options));
    }

    Reply ask(std::string body, Wanted wanted) {
        OwnExchange exchange(std::move(body),
                             wanted == Wanted::beginning ? std::string(kContent) : "");
        const net::Handler handler = gateway_->handler();
        const auto began = std::chrono::steady_clock::now();
        // Idle connections are watched, which alone would keep the context running.
        context_.restart();
        net::asio::co_spawn(context_, handler(exchange),
                            [this](const std::exception_ptr&) { context_.stop(); });
        context_.run();
        Reply out = read(exchange);
        out.took =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
        // It left by itself: what is missing is not the provider's fault.
        if (exchange.gone() && out.began) out.kind.clear();
        return out;
    }

    void bound_silence(milliseconds most) {
        patience_.silence = most;
        config_ = narrowed(all_, patience_);
    }

    std::vector<gateway::KeptLesson> lessons() { return memory_.lessons.list(); }

  private:
    const config::Config& all_;
    Patience patience_;
    config::ConfigPtr config_;
    net::asio::io_context context_{1};
    gateway::Memory memory_;
    std::optional<gateway::Gateway> gateway_;
};

OwnGateway::OwnGateway(const config::Config& config, milliseconds patience)
    : impl_(std::make_unique<Impl>(config, patience)) {}
OwnGateway::~OwnGateway() = default;

Reply OwnGateway::ask(std::string body, Wanted wanted) {
    return impl_->ask(std::move(body), wanted);
}

void OwnGateway::bound_silence(milliseconds most) {
    impl_->bound_silence(most);
}

std::vector<gateway::KeptLesson> OwnGateway::lessons() {
    return impl_->lessons();
}

}  // namespace ccr::doctor
