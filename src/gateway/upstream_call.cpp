#include "gateway/upstream_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/growing_text.h"
#include "cloud/claude_request.h"
#include "cloud/refusal.h"
#include "gateway/client_headers.h"
#include "gateway/retry_after.h"
#include "gateway/stream_parser.h"
#include "gateway/target_wire.h"
#include "gateway/window_fit.h"

namespace ccr::gateway {
namespace {

constexpr std::size_t kErrorBodyLimit = 1u << 20;
constexpr std::chrono::seconds kErrorBodyTime{20};
constexpr std::chrono::milliseconds kDrainTime{100};  // the end of a chunked body is on its way

}  // namespace

Result<void> usable(const config::Provider& provider) {
    if (provider.broken) {
        const config::Finding& finding = *provider.broken;
        // The file's path is nobody's business on the wire; its line is.
        return fail(ErrorKind::config,
                    fmt::format("Provider {} cannot be used (configuration, line {}): {}",
                                provider.name, finding.place.line, finding.message));
    }
    if (wire::codec_of(provider.speaks)) return {};
    return fail(ErrorKind::not_supported,
                fmt::format("Provider {} speaks {}, which this version does not.", provider.name,
                            name_of(provider.speaks)));
}

UpstreamCall::UpstreamCall(Call& call, const route::Attempt& attempt)
    : call_(call),
      provider_(*attempt.provider),
      patience_(provider_, *call.config),
      model_(attempt.model),
      codec_(codec_for(provider_, model_)),
      target_(target_for(provider_, model_, call.conversation.stream)),
      endpoint_(codec_.endpoint(target_)),
      plan_(provider_, model_, call.conversation, call.client.protocol == codec_.protocol),
      same_protocol_(call.client.protocol == codec_.protocol),
      media_(std::in_place, call, attempt, media_losses_),
      scripted_(call, provider_, model_),
      verbatim_(same_protocol_ && !edits_bytes() && !plan_.needs_hub() && !media_->changed() &&
                !call.continues),
      authorization_(call.google, provider_, target_, proxy()),
      mending_(call.memory.lessons, provider_, model_, codec_.protocol) {
    wire::SplicedRequest request = encoded();
    chat::Losses losses;
    const bool waits_for_scripts = scripted_ && !edits_bytes();
    if (!waits_for_scripts) release_conversation();
    body_ = completed(std::move(request), call_.conversation, model_, losses);
    if (waits_for_scripts) {
        losses_ = std::move(losses);
        return;
    }
    // What was learned is of requests as we make them.
    if (!edits_bytes()) body_ = mending_.prepared(std::move(body_), losses);
    traced(losses);
}

// Encoded bytes with all that this attempt does to them but for what was learned; what is lost is
// told with `losses`.
json::SplicedText UpstreamCall::completed(wire::SplicedRequest request,
                                          const chat::Conversation& conversation,
                                          const std::string& model, chat::Losses& losses) {
    const auto add = [&losses](const chat::Losses& more) {
        losses.insert(losses.end(), more.begin(), more.end());
    };
    add(request.losses);
    add(media_losses_);
    json::SplicedText body =
        json::apply_patches(plan_.patched(std::move(request.body)), call_.edits);
    add(plan_.losses());
    const route::Attempt attempt{&provider_, model};
    body = fit_window(attempt, codec_.protocol, conversation, std::move(body), losses);
    return fit_to_platform(std::move(body), losses);
}

bool UpstreamCall::edits_bytes() const {
    return scripted_ && codec_.protocol == Protocol::openai_chat;
}

// What the client left out of its own calls is there while it is encoded for the provider that
// wants it. Several attempts must not see each other's edits: adapters edit this attempt's copy.
wire::SplicedRequest UpstreamCall::encoded() {
    if (verbatim_) return codec_.splice_request(call_.root, target_);
    is_watched_ = true;
    store::SignatureStore& signatures = call_.memory.signatures;
    const bool restores = signatures.knows(provider_.name);
    // A conversation is known by its beginning, where a note may stand for an image.
    if (restores || media_->changed()) watch_calls();
    if (restores) restored_.emplace(call_.conversation, signatures, watch_->scope());
    if (plan_.needs_hub())
        sent_ = std::make_unique<chat::Conversation>(plan_.request(call_.conversation));
    return codec_.encode_request(sent_ ? *sent_ : call_.conversation, target_);
}

void UpstreamCall::watch_calls() {
    if (!is_watched_ || watch_) return;
    watch_.emplace(call_.memory.signatures,
                   store::call_scope(call_.conversation, call_.facts.session, provider_.name));
}

std::string_view UpstreamCall::lane() const {
    if (edits_bytes() || scripted_.edited() || lens_) return "scripted";
    return verbatim_ ? "verbatim" : "translated";
}

void UpstreamCall::traced(const chat::Losses& losses) {
    call_.trace.attempted(fmt::format("{},{}", provider_.name, model_), lane(), losses);
}

// Claude's hosts take its protocol with the version in the body and the model in the address.
json::SplicedText UpstreamCall::fit_to_platform(json::SplicedText body,
                                                chat::Losses& losses) const {
    if (!is_claude_on_a_platform(provider_)) return body;
    std::vector<std::string> betas;
    if (same_protocol_) betas = cloud::betas_of(call_.exchange.head().headers);
    return json::SplicedText(cloud::claude_body(provider_, std::move(body).take(), betas, losses));
}

std::string UpstreamCall::proxy() const {
    return provider_.proxy.empty() ? call_.config->proxy : provider_.proxy;
}

UpstreamCall::~UpstreamCall() {
    if (response_) call_.exchange.when_gone({});
}

net::ClientRequest UpstreamCall::request() const {
    net::ClientRequest request;
    const bool with_clients_query =
        same_protocol_ && provider_.platform == config::Platform::direct;
    request.url =
        with_clients_query ? with_query(endpoint_.url, call_.exchange.head().query) : endpoint_.url;
    request.headers = endpoint_.headers;
    if (same_protocol_) {
        add_client_headers(call_.exchange.head().headers, request.headers);
    } else {
        request.headers.add("user-agent", "ccr/" CCR_VERSION);
    }
    if (is_claude_on_a_platform(provider_))
        cloud::claude_headers(provider_, target_.stream, request.headers);
    request.body = net::BodyView(body_.pieces());
    request.proxy = proxy();
    request.http2 = provider_.http2;
    const auto connect =
        provider_.timeouts.connect ? provider_.timeouts.connect : call_.config->timeouts.connect;
    if (connect) request.connect_time = *connect;
    return request;
}

net::Deadline UpstreamCall::total_deadline() const {
    return patience_.end_of(&config::Timeouts::total, began_);
}

Error UpstreamCall::timed_out(std::string_view phase) const {
    Error error =
        make_error(ErrorKind::upstream_timeout,
                   fmt::format("Provider {} (model {}) {}.", provider_.name, model_, phase));
    return error;
}

net::Task<Result<void>> UpstreamCall::start(ClientStream* client) {
    if (scripted_ && !std::exchange(asked_scripts_, true)) {
        CO_TRY_DO(co_await edit_by_scripts(client));
    }
    auto sent = co_await send(client);
    if (!sent && may_be_sent_again() && another_try_can_help(sent.error()))
        sent = co_await send(client);
    while (!sent && refusal_ && mend(*refusal_, sent.error())) sent = co_await send(client);
    co_return sent;
}

// What scripts have made is theirs, and they wait for one answer.
bool UpstreamCall::may_be_sent_again() const {
    return !edits_bytes() && !own_request_ && !lens_;
}

bool UpstreamCall::mend(const Refusal& refusal, const Error& error) {
    if (call_.exchange.gone() || !may_be_sent_again()) return false;
    chat::Losses losses;
    auto mended = mending_.mended(refusal, error, body_.whole(), losses);
    if (!mended) return false;
    body_ = json::SplicedText(std::move(*mended));
    traced(losses);
    return true;
}

bool UpstreamCall::mended_after(const Error& error) {
    if (error.fault != Fault::upstream || error.upstream_body.empty()) return false;
    const Refusal refusal{error.status, error.upstream_body};
    return mend(refusal, error);
}

bool UpstreamCall::another_try_can_help(const Error& error) {
    // A token may be withdrawn before its end; a new one settles whether it was that.
    if (error.status == 401) return authorization_.renew();
    if (error.status != 400) return false;
    chat::Losses losses;
    std::string fewer =
        cloud::without_refused_betas(provider_, body_.whole(), error.message, losses);
    if (fewer.empty()) return false;
    body_ = json::SplicedText(std::move(fewer));
    call_.trace.attempted(fmt::format("{},{}", provider_.name, model_), lane(), losses);
    return true;
}

net::Task<Result<void>> UpstreamCall::send(ClientStream* client) {
    began_ = net::Clock::now();
    refusal_.reset();
    net::ClientRequest request = this->request();
    CO_TRY_DO(co_await authorization_.complete(request));
    scripted_.complete(request);
    response_ = call_.http.start(request);
    watch_calls();  // while the provider reads
    if (lens_ && !own_request_)
        response_ = std::make_unique<ViewedResponse>(std::move(response_), lens_);
    response_ = scripted_.answer(std::move(response_));
    call_.exchange.when_gone([response = response_.get()] { response->abort(); });
    const net::Deadline deadline =
        std::min(patience_.end_of(&config::Timeouts::first_event, began_), total_deadline());
    for (;;) {
        const net::Deadline wake = client ? std::min(deadline, client->next_heartbeat()) : deadline;
        auto status = co_await response_->status(wake);
        if (status) {
            if (*status >= 200 && *status < 300) co_return Result<void>();
            co_return co_await refused(*status);
        }
        const bool waited =
            status.error().kind == ErrorKind::upstream_timeout && net::Clock::now() >= wake;
        if (!waited) co_return std::unexpected(std::move(status).error());
        if (net::Clock::now() >= deadline)
            co_return std::unexpected(
                timed_out("gave no answer in time (timeouts.first_event_ms)"));
        CO_TRY_DO(co_await client->heartbeat(response_->last_byte()));
    }
}

// A provider's refusal, read to its end so that its words reach the client.
net::Task<Result<void>> UpstreamCall::refused(int status) {
    const auto retry_after = retry_after_of(response_->headers(), std::chrono::system_clock::now());
    std::string body;
    const net::Deadline deadline = net::Clock::now() + kErrorBodyTime;
    while (body.size() < kErrorBodyLimit) {
        const auto bytes = co_await response_->next(deadline);
        if (!bytes || bytes->empty()) break;  // what has come is what there is to tell
        body += *bytes;
    }
    if (status < 400) {
        co_return fail(ErrorKind::upstream_protocol,
                       fmt::format("Provider {} answered with the redirect {}, which is not "
                                   "followed: correct its api_base_url.",
                                   provider_.name, status));
    }
    body = cloud::refusal(provider_, status, response_->headers(), std::move(body));
    Error error = codec_.decode_error(status, body, target_);
    if (retry_after) error.retry_after = retry_after;
    refusal_ = Refusal{status, std::move(body)};
    co_return std::unexpected(std::move(error));
}

net::Task<Result<std::string_view>> UpstreamCall::next(ClientStream* client, bool has_content,
                                                       bool complete) {
    const auto now = net::Clock::now();
    const auto phase_end = has_content ? patience_.end_of(&config::Timeouts::idle, now)
                                       : patience_.end_of(&config::Timeouts::first_event, began_);
    net::Deadline deadline = std::min(phase_end, total_deadline());
    if (complete && trailing_ends_ == net::kNever) trailing_ends_ = now + call_.pace.trailing;
    deadline = std::min(deadline, trailing_ends_);
    for (;;) {
        const net::Deadline wake = client ? std::min(deadline, client->next_heartbeat()) : deadline;
        auto bytes = co_await response_->next(wake);
        // An upstream that never stops is never waited for, and has its end all the same.
        if (bytes && (bytes->empty() || net::Clock::now() < total_deadline())) co_return bytes;
        const bool waited = bytes || (bytes.error().kind == ErrorKind::upstream_timeout &&
                                      net::Clock::now() >= wake);
        if (!waited) co_return bytes;
        if (net::Clock::now() >= deadline) {
            co_return std::unexpected(timed_out(
                net::Clock::now() >= total_deadline()
                    ? "took longer than allowed in all (timeouts.total_ms)"
                : has_content ? "fell silent in the middle of its answer (timeouts.idle_ms)"
                              : "gave no content in time (timeouts.first_event_ms)"));
        }
        CO_TRY_DO(co_await client->heartbeat(response_->last_byte()));
    }
}

net::Task<Result<std::string>> UpstreamCall::read_all(std::size_t limit, ClientStream* client) {
    std::string body;
    for (;;) {
        CO_TRY(const std::string_view bytes, co_await next(client, !body.empty(), false));
        if (bytes.empty()) co_return body;
        append_growing(body, bytes);
        if (body.size() > limit)
            co_return fail(ErrorKind::upstream_protocol,
                           fmt::format("Provider {} sent an answer of more than {} MB.",
                                       provider_.name, limit >> 20));
    }
}

void UpstreamCall::let_go_of_request() {
    const json::SplicedText gone = std::move(body_);
    const wire::Endpoint address = std::exchange(endpoint_, {});
    release_conversation();
    call_.let_go_of_body();
}

void UpstreamCall::began_well() {
    mending_.accepted();
    call_.memory.health.succeeded(provider_, model_, first_began_);
}

Error UpstreamCall::too_slow() const {
    return timed_out("sends its answer too slowly (timeouts.min_chars_per_s)");
}

bool UpstreamCall::may_be_continued() const {
    return provider_.continue_midstream.value_or(call_.config->continue_midstream);
}

void UpstreamCall::broke_off(const Error& error) const {
    call_.memory.health.failed(provider_, model_, error);
}

net::Task<void> UpstreamCall::drain() {
    const net::Deadline deadline = net::Clock::now() + kDrainTime;
    while (net::Clock::now() < deadline) {
        const auto bytes = co_await response_->next(deadline);
        if (!bytes || bytes->empty()) co_return;
    }
}

std::unique_ptr<net::MessageParser> UpstreamCall::open_parser() const {
    return parser_of(response_->headers().get("content-type").value_or(""));
}

bool UpstreamCall::is_stream() const {
    return is_event_stream(response_->headers(), target_.stream);
}

}  // namespace ccr::gateway
