#include "cli/trial.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>

#include "gateway/gateway.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::cli {
namespace {

constexpr std::int64_t kMostTokens = 16;

/// A client that is always there and keeps what it is answered.
class TrialExchange final : public net::Exchange {
  public:
    explicit TrialExchange(std::string body) : body_(std::move(body)) {
        head_.method = "POST";
        head_.target = head_.path = "/v1/messages";
        head_.headers.add("host", "127.0.0.1");
        head_.headers.add("content-type", "application/json");
        head_.headers.add("anthropic-version", "2023-06-01");
    }

    const net::RequestHead& head() const override { return head_; }
    net::Task<Result<std::string>> read_body(std::size_t) override {
        body_.reserve(body_.size() + net::kBodyPadding);
        co_return std::move(body_);
    }
    net::Task<Result<void>> send(net::Answer answer) override {
        opened_ = true;
        status = answer.status;
        text = std::move(answer.body);
        co_return Result<void>();
    }
    net::Task<Result<void>> open(int code, net::Headers, std::string_view first) override {
        opened_ = true;
        status = code;
        text = first;
        co_return Result<void>();
    }
    net::Task<Result<void>> write(std::string_view bytes) override {
        text += bytes;
        co_return Result<void>();
    }
    net::Task<Result<void>> finish(std::string_view last) override {
        text += last;
        co_return Result<void>();
    }
    net::Task<Result<void>> send_chunked(int code, net::Headers, std::string_view all) override {
        opened_ = true;
        status = code;
        text = all;
        co_return Result<void>();
    }
    void abort() override { status = 0; }
    void when_gone(std::function<void()>) override {}
    bool gone() const override { return false; }
    bool opened() const override { return opened_; }

    int status = 0;
    std::string text;

  private:
    net::RequestHead head_;
    std::string body_;
    bool opened_ = false;
};

std::string request_body(const std::string& target) {
    std::string out;
    json::Writer w(out);
    w.open_object()
        .member("model", std::string_view(target))
        .member("max_tokens", kMostTokens)
        .key("messages")
        .open_array()
        .open_object()
        .member("role", "user")
        .member("content", "Answer with the one word: ready")
        .close_object()
        .close_array()
        .close_object();
    return out;
}

// Without the door's key, tries, fallbacks and rules: this asks one model and no other.
config::ConfigPtr narrowed(const config::Config& config) {
    auto out = std::make_shared<config::Config>(config);
    out->access = {};
    out->routing = {};
    out->retry.most = 0;
    out->continue_midstream = false;
    out->scripts.custom_router.clear();
    for (config::Provider& provider : out->providers) {
        provider.retry.most = 0;
        for (config::Provider& by_key : provider.by_key) by_key.retry.most = 0;
    }
    return out;
}

Trial outcome_of(const TrialExchange& exchange) {
    Trial out;
    out.status = exchange.status;
    json::Document document;
    const auto root = document.parse(exchange.text);
    if (!root) {
        out.kind = "api_error";
        out.message = "the answer broke off";
        out.status = 0;
        return out;
    }
    if (out.status != 200) {
        out.kind = (*root)["error"]["type"].text().decode();
        out.message = (*root)["error"]["message"].text().decode();
        return out;
    }
    for (const json::View block : (*root)["content"].elements())
        out.text += block["text"].text().decode();
    return out;
}

}  // namespace

bool Trial::reached() const {
    return answered() || (status != 0 && status != 502 && status != 503 && status != 504) ||
           kind == "overloaded_error";
}

bool Trial::key_is_good() const {
    return reached() && status != 401 && status != 403;
}

std::string Trial::remedy(const config::Provider& provider) const {
    if (answered()) return "";
    if (provider.broken) return "`ccr config check` tells where to mend it.";
    if (!reached())
        return fmt::format("Is {} right, does it run, and is a proxy needed (PROXY_URL)?",
                           provider.base_url);
    if (!key_is_good())
        return fmt::format(
            "The key is refused: give it another one with `ccr config set "
            "Providers.{}.api_key -`.",
            provider.name);
    if (status == 404)
        return "The provider has no model of this name, or its URL has another path; compare its "
               "list of models.";
    if (status == 402) return "The account has no credit left.";
    if (status == 429) return "Too many requests, or a quota used up; later it may answer.";
    return fmt::format("`ccr explain` shows what {} would be sent.", provider.name);
}

Trial try_model(const config::Config& config, const std::string& provider,
                const std::string& model) {
    const config::Provider* const asked = config.find_provider(provider);
    if (asked != nullptr && asked->broken)
        return {0, "config", asked->broken->message, "", std::chrono::milliseconds(0)};
    net::asio::io_context context(1);
    const config::ConfigPtr narrow = narrowed(config);
    gateway::GatewayOptions options;
    options.config = [narrow] { return narrow; };
    options.port = [] { return std::uint16_t{0}; };
    gateway::Gateway gateway({&context}, std::move(options));
    TrialExchange exchange(request_body(provider + "," + model));
    const net::Handler handler = gateway.handler();
    const auto began = std::chrono::steady_clock::now();
    // Idle connections are watched, which alone would keep the context running.
    net::asio::co_spawn(context, handler(exchange),
                        [&context](const std::exception_ptr&) { context.stop(); });
    context.run();
    Trial out = outcome_of(exchange);
    out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return out;
}

}  // namespace ccr::cli
