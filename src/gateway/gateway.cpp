#include "gateway/gateway.h"

#include <boost/asio/this_coro.hpp>
#include <mutex>
#include <unordered_map>

#include "base/ids.h"
#include "base/log.h"
#include "base/redact.h"
#include "event/bus.h"
#include "gateway/address.h"
#include "gateway/admission.h"
#include "gateway/afterwork.h"
#include "gateway/answer.h"
#include "gateway/application_log.h"
#include "gateway/authorization.h"
#include "gateway/demo_target.h"
#include "gateway/door.h"
#include "gateway/models.h"
#include "gateway/probes.h"
#include "gateway/scripted_exchange.h"
#include "gateway/serve.h"

namespace ccr::gateway {
namespace {

using net::Task;

// Keys that clients present stay out of every log, right or wrong.
void remember_presented(const net::RequestHead& head) {
    for (const std::string& key : presented_keys(head)) redact::add_presented(key);
    // Without a scheme that is known to us, the whole value may be the key.
    if (const auto value = head.headers.get("authorization")) {
        const std::size_t blank = value->rfind(' ');
        redact::add_presented(blank == std::string_view::npos ? *value : value->substr(blank + 1));
    }
}

Listing listing_of(Protocol reader) {
    if (reader == Protocol::gemini) return Listing::gemini;
    return reader == Protocol::anthropic ? Listing::anthropic : Listing::openai;
}

/// What one thread has of its own: its ways to providers and scripts, and what it does later.
struct Line {
    Line(net::asio::io_context& context, plugin::Hosts& hosts, std::size_t number)
        : http(context),
          google(context,
                 [this](auth::TokenRequest request, std::string proxy) {
                     return fetch_token(http, std::move(request), std::move(proxy));
                 }),
          scripts(context, hosts, number),
          afterwork(context) {}

    net::HttpClient http;
    auth::GoogleTokens google;
    plugin::Link scripts;
    Afterwork afterwork;
};

}  // namespace

class Gateway::Impl {
  public:
    Impl(const std::vector<net::asio::io_context*>& contexts, GatewayOptions options)
        : options_(std::move(options)), hosts_(contexts.size(), memory().scripts) {
        for (net::asio::io_context* context : contexts)
            lines_[context] = std::make_unique<Line>(*context, hosts_, lines_.size());
        bus_.subscribe(write_application_log);
        bus_.subscribe([this](const event::Event& event) { memory().sessions.hear(event); });
        if (options_.listener) bus_.subscribe(options_.listener);
    }

    Task<void> handle(net::Exchange& exchange);
    void finish() {
        for (const auto& [context, line] : lines_) line->afterwork.finish();
    }

  private:
    /// `client`: in whose shape an error is told; set once that is known better.
    Task<Result<void>> admit_and_serve(net::Exchange& exchange, const Result<Address>& address,
                                       const std::string& id, Reasons& reasons, Protocol& client);
    Task<Result<void>> answer_model(net::Exchange& exchange, config::ConfigPtr config,
                                    std::string id, const Address& address, Reasons& reasons);
    Task<Result<void>> serve_by_script(net::Exchange& exchange, Error nothing, std::string id,
                                       Reasons& reasons, Protocol& client);
    config::ConfigPtr snapshot();
    Result<config::ConfigPtr> snapshot_for(const Address& address, const config::ConfigPtr& main);
    Line& line_of(const net::asio::any_io_executor& executor) {
        return *lines_.at(&net::asio::query(executor, net::asio::execution::context));
    }
    Memory& memory() { return options_.memory ? *options_.memory : own_memory_; }

    GatewayOptions options_;
    Memory own_memory_;
    event::Bus bus_;
    plugin::Hosts hosts_;
    std::unordered_map<net::asio::execution_context*, std::unique_ptr<Line>>
        lines_;  // one per thread
    std::mutex demo_mutex_;
    config::ConfigPtr demo_for_, demo_config_;  // the copy with the demo is made once per snapshot
};

config::ConfigPtr Gateway::Impl::snapshot() {
    config::ConfigPtr config = options_.config();
    if (!config->demo) return config;
    const std::lock_guard lock(demo_mutex_);
    if (demo_for_ != config) {
        demo_for_ = config;
        demo_config_ = with_demo(config, options_.demo_url);
    }
    return demo_config_;
}

// The demo answers in the place of providers that are not there, so a preset without any has it,
// too.
Result<config::ConfigPtr> Gateway::Impl::snapshot_for(const Address& address,
                                                      const config::ConfigPtr& main) {
    if (address.preset.empty() || address.is_public) return main;
    if (!options_.presets) return fail(ErrorKind::not_found, "There are no presets here.");
    TRY(config::ConfigPtr config, options_.presets->of(address.preset, options_.config()));
    return config->demo ? with_demo(config, options_.demo_url) : config;
}

Task<void> Gateway::Impl::handle(net::Exchange& exchange) {
    const std::string id = new_id("req_");
    const net::RequestHead& head = exchange.head();
    const Result<Address> address = address_of(head);
    Reasons reasons(head.headers);
    Protocol client = address ? address->client : reader_of(head);
    auto outcome = co_await admit_and_serve(exchange, address, id, reasons, client);
    if (outcome || exchange.gone()) co_return;
    const Error& error = outcome.error();
    const std::string reason = loggable(error);
    log::write(error.fault == Fault::gateway ? log::Level::error : log::Level::info,
               "request refused",
               {{"reqId", std::string_view(id)},
                {"method", std::string_view(head.method)},
                {"path", std::string_view(head.path)},
                {"status", std::int64_t{error.status}},
                {"kind", traits_of(error.kind).name},
                {"reason", std::string_view(reason)}});
    if (exchange.opened()) {
        exchange.abort();
        co_return;
    }
    net::Answer answer = error_answer(error, *wire::codec_of(client), id);
    if (address && address->as_array) answer.body = "[" + answer.body + "]";
    reasons.add_to(answer.headers);
    auto sent = co_await exchange.send(std::move(answer));
    (void)sent;
}

Task<Result<void>> Gateway::Impl::admit_and_serve(net::Exchange& exchange,
                                                  const Result<Address>& address,
                                                  const std::string& id, Reasons& reasons,
                                                  Protocol& client) {
    const net::RequestHead& head = exchange.head();
    const config::ConfigPtr main = snapshot();
    remember_presented(head);
    CO_TRY_DO(check_names(head, *main, options_.port ? options_.port() : 0));
    // Without its key nobody learns which paths exist, nor which presets.
    if (!address || !address->is_public) {
        CO_TRY_DO(check_key(head, main->access));
    }
    if (!address)
        co_return co_await serve_by_script(exchange, address.error(), id, reasons, client);
    CO_TRY(const config::ConfigPtr config, snapshot_for(*address, main));
    net::Answer answer;
    switch (address->page) {
        case Page::answer:
        case Page::count:
            co_return co_await answer_model(exchange, config, id, *address, reasons);
        case Page::banner:
            answer = banner_answer();
            break;
        case Page::health:
            answer = health_answer();
            break;
        case Page::hello:
            answer = hello_answer();
            break;
        case Page::models:
            answer = json_answer(200, models_body(*config, listing_of(address->client)));
            break;
        case Page::model: {
            CO_TRY(std::string body,
                   model_body(*config, listing_of(address->client), address->model));
            answer = json_answer(200, std::move(body));
            break;
        }
    }
    co_return co_await exchange.send(std::move(answer));
}

Task<Result<void>> Gateway::Impl::answer_model(net::Exchange& exchange, config::ConfigPtr config,
                                               std::string id, const Address& address,
                                               Reasons& reasons) {
    const auto executor = co_await net::asio::this_coro::executor;
    Line& line = line_of(executor);
    line.scripts.serves(config);
    Memory& memory = this->memory();
    StoppableExchange client(exchange, options_.stops, line.scripts.context());
    Places::Place place;
    if (address.page == Page::answer) {
        CO_TRY(Places::Place taken,
               co_await place_of_client(client, *config, memory.client_places));
        place = std::move(taken);
    }
    Trace trace(bus_, &line.afterwork, std::move(id));
    Call call{client,
              line.http,
              line.google,
              line.scripts,
              address,
              *wire::codec_of(address.client),
              std::move(config),
              options_.projects,
              options_.pace,
              memory,
              trace,
              reasons,
              {},
              {},
              {},
              {},
              {},
              {},
              {},
              false,
              false,
              {},
              &client};
    Task<Result<void>> work = address.page == Page::answer ? serve(call) : count_tokens(call);
    auto outcome = co_await std::move(work);
    if (!outcome) outcome = std::unexpected(client.told(std::move(outcome).error()));
    if (!outcome) trace.failed(outcome.error());
    trace.priced(*call.config);
    co_return outcome;
}

// An address that is none of ours may be a script's own; behind it, the conversation is Chat.
Task<Result<void>> Gateway::Impl::serve_by_script(net::Exchange& exchange, Error nothing,
                                                  std::string id, Reasons& reasons,
                                                  Protocol& client) {
    const net::RequestHead& head = exchange.head();
    if (nothing.kind != ErrorKind::not_found || head.method != "POST")
        co_return std::unexpected(std::move(nothing));
    const NamespacedPath path = without_preset(head.path);
    Address address;
    address.preset = path.preset;
    address.page = Page::answer;
    address.client = Protocol::openai_chat;
    CO_TRY(const config::ConfigPtr config, snapshot_for(address, snapshot()));
    if (config->scripts.transformers.empty()) co_return std::unexpected(std::move(nothing));
    const auto executor = co_await net::asio::this_coro::executor;
    plugin::Link& scripts = line_of(executor).scripts;
    CO_TRY(const auto script, co_await script_at(exchange, scripts, *config, path.rest));
    if (!script) co_return std::unexpected(std::move(nothing));
    if (path.rest.find("/messages") == path.rest.npos) client = address.client;
    ScriptedExchange scripted(exchange, scripts, *config, *script, id);
    auto outcome = co_await answer_model(scripted, config, id, address, reasons);
    auto passed = co_await scripted.close();
    // What the script did is known here alone; to the rest it was a client that left.
    const bool left = !outcome && outcome.error().kind == ErrorKind::client_gone;
    co_return outcome || left ? passed : outcome;
}

Gateway::Gateway(std::vector<net::asio::io_context*> contexts, GatewayOptions options)
    : impl_(std::make_unique<Impl>(contexts, std::move(options))) {}
Gateway::~Gateway() = default;

void Gateway::finish() {
    impl_->finish();
}

net::Handler Gateway::handler() {
    return [impl = impl_.get()](net::Exchange& exchange) { return impl->handle(exchange); };
}

net::RefusalWriter Gateway::refusal_writer() {
    return [](const Error& error, std::string_view target) {
        return error_answer(error, *wire::codec_of(reader_of_target(target)), new_id("req_"));
    };
}

}  // namespace ccr::gateway
