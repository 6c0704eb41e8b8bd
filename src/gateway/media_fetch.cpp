#include "gateway/media_fetch.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapt/media_urls.h"
#include "base/base64.h"
#include "base/log.h"
#include "gateway/call.h"
#include "gateway/media_guard.h"
#include "gateway/target_wire.h"

namespace ccr::gateway {
namespace {

using chat::Part;
using net::Task;

constexpr std::size_t kMostFiles = 20;  // of one request
constexpr int kMostRedirects = 3;

std::unexpected<Error> refuse(std::string why) {
    return fail(ErrorKind::invalid_request, std::move(why));
}

/// One file on its way, from the first request to the last redirect's answer.
class Transfer {
  public:
    Transfer(Call& call, std::string url)
        : call_(call),
          url_(std::move(url)),
          deadline_(net::Clock::now() + call.config->media_fetch.time),
          asked_(ask(url_)) {}

    const std::string& url() const { return url_; }
    void abort() {
        if (response_) response_->abort();
    }
    /// Keeps `client` company meanwhile. Error: only client_gone; all others are in the file.
    Task<Result<FetchedFile>> finish(ClientStream* client);

  private:
    Result<void> ask(const std::string& url);
    Task<Result<std::string>> load(ClientStream* client);
    Task<Result<int>> status(ClientStream* client);
    Task<Result<std::string>> body(ClientStream* client);
    net::Deadline wake(const ClientStream* client) const {
        return client ? std::min(deadline_, client->next_heartbeat()) : deadline_;
    }
    Task<Result<void>> go_on_waiting(Error error, ClientStream* client);

    Call& call_;
    std::string url_;
    net::Deadline deadline_;
    net::ClientRequest request_;
    std::unique_ptr<net::ClientResponse> response_;
    Result<void> asked_;
};

Result<void> Transfer::ask(const std::string& url) {
    TRY(request_, media_request(url, *call_.config));
    response_ = call_.http.start(request_);
    return {};
}

Task<Result<FetchedFile>> Transfer::finish(ClientStream* client) {
    const auto bytes = co_await load(client);
    if (!bytes && bytes.error().kind == ErrorKind::client_gone)
        co_return std::unexpected(bytes.error());
    FetchedFile file;
    if (!bytes) {
        file.problem = bytes.error().message;
        co_return file;
    }
    const auto type = media_type_of_bytes(*bytes);
    if (!type) {
        file.problem = "it is neither PNG, JPEG, GIF, WebP nor PDF";
        co_return file;
    }
    file.type = *type;
    file.base64 = base64_encode(*bytes);
    co_return file;
}

// Every stop of the way is checked like the first.
Task<Result<std::string>> Transfer::load(ClientStream* client) {
    for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
        CO_TRY_DO(asked_);
        CO_TRY(const int answered, co_await status(client));
        const std::string location(response_->headers().get("location").value_or(""));
        if (answered >= 300 && answered < 400 && !location.empty()) {
            CO_TRY(const std::string next, redirect_target(request_.url, location));
            asked_ = ask(next);
            continue;
        }
        if (answered != 200)
            co_return refuse(fmt::format("its server answered with status {}", answered));
        const std::string type(response_->headers().get("content-type").value_or(""));
        if (!may_be_media(type)) co_return refuse(fmt::format("its server calls it {}", type));
        co_return co_await body(client);
    }
    co_return refuse("it was redirected too often");
}

Task<Result<int>> Transfer::status(ClientStream* client) {
    for (;;) {
        auto answered = co_await response_->status(wake(client));
        if (answered) co_return answered;
        CO_TRY_DO(co_await go_on_waiting(std::move(answered).error(), client));
    }
}

Task<Result<std::string>> Transfer::body(ClientStream* client) {
    const std::size_t most = call_.config->media_fetch.most_bytes;
    std::string out;
    for (;;) {
        auto bytes = co_await response_->next(wake(client));
        if (!bytes) {
            CO_TRY_DO(co_await go_on_waiting(std::move(bytes).error(), client));
            continue;
        }
        if (bytes->empty()) co_return out;
        out += *bytes;
        if (out.size() > most)
            co_return refuse(fmt::format("it is larger than {:.3g} MB (media_fetch.max_mb)",
                                         static_cast<double>(most) / (1 << 20)));
    }
}

// After a wait that ended without an answer: whether it was only time for the client's heartbeat.
Task<Result<void>> Transfer::go_on_waiting(Error error, ClientStream* client) {
    const auto now = net::Clock::now();
    if (error.kind != ErrorKind::upstream_timeout) co_return std::unexpected(std::move(error));
    if (now >= deadline_) co_return refuse("it did not come in time (media_fetch.timeout_ms)");
    if (!client || now < client->next_heartbeat()) co_return std::unexpected(std::move(error));
    co_return co_await client->heartbeat(response_->last_byte());
}

void log_file(const Call& call, const std::string& url, const FetchedFile& file) {
    const std::string host = host_of(url);
    const auto bytes = static_cast<std::int64_t>(file.base64.size() / 4 * 3);
    if (file.problem.empty())
        log::info("media loaded", {{"reqId", std::string_view(call.trace.id())},
                                   {"host", std::string_view(host)},
                                   {"type", std::string_view(file.type)},
                                   {"bytes", bytes}});
    else
        log::warn("media not loaded", {{"reqId", std::string_view(call.trace.id())},
                                       {"host", std::string_view(host)},
                                       {"reason", std::string_view(file.problem)}});
}

// Those that this request has not asked for before; files known from earlier requests are taken.
std::vector<std::string> unknown_urls(Call& call, const std::vector<Part*>& parts) {
    std::vector<std::string> out;
    for (const Part* part : parts) {
        const std::string url = part->as<chat::Media>()->data.decode();
        if (call.media.contains(url)) continue;
        if (auto known = call.memory.media.find(url)) {
            call.media[url] = std::move(known);
        } else if (call.media.size() < kMostFiles) {
            call.media[url] = nullptr;
            out.push_back(url);
        }
    }
    return out;
}

json::Text note_of(const chat::Media& media, std::string_view problem, Arena& arena) {
    const std::string_view what = media.kind == chat::MediaKind::image ? "An image" : "A document";
    const std::string url = media.data.decode();
    return json::Text::from_plain(
        arena.keep(fmt::format("[{} stood here, which could not be loaded from {}: {}.]", what, url,
                               problem)),
        arena);
}

void put(Part& part, const FetchedFile& file) {
    auto& media = std::get<chat::Media>(part.body);
    media.source = chat::MediaSource::base64;
    media.kind =
        file.type == "application/pdf" ? chat::MediaKind::document : chat::MediaKind::image;
    media.media_type = json::Text::from_escaped(file.type);  // neither holds what JSON escapes
    media.data = json::Text::from_escaped(file.base64);
}

}  // namespace

Task<Result<void>> fetch_media(Call& call, const route::Attempt& target, ClientStream* client) {
    if (!call.config->media_fetch.enabled) co_return Result<void>();
    const Protocol speaks = codec_for(*target.provider, target.model).protocol;
    const auto parts =
        adapt::media_by_refused_url(call.conversation, *target.provider, target.model, speaks);
    std::vector<std::unique_ptr<Transfer>> transfers;
    for (std::string& url : unknown_urls(call, parts))
        transfers.push_back(std::make_unique<Transfer>(call, std::move(url)));
    if (transfers.empty()) co_return Result<void>();
    call.exchange.when_gone([&transfers] {
        for (const auto& transfer : transfers) transfer->abort();
    });
    Result<void> outcome;
    for (const auto& transfer : transfers) {
        auto file = co_await transfer->finish(client);
        if (!file) {
            outcome = std::unexpected(std::move(file).error());
            break;
        }
        log_file(call, transfer->url(), *file);
        const auto kept = std::make_shared<const FetchedFile>(*std::move(file));
        if (kept->problem.empty()) call.memory.media.keep(transfer->url(), kept);
        call.media[transfer->url()] = kept;
    }
    call.exchange.when_gone({});
    co_return outcome;
}

MediaInPlace::MediaInPlace(Call& call, const route::Attempt& target, chat::Losses& losses) {
    if (!call.config->media_fetch.enabled) return;
    const Protocol speaks = codec_for(*target.provider, target.model).protocol;
    for (Part* part :
         adapt::media_by_refused_url(call.conversation, *target.provider, target.model, speaks)) {
        const auto media = *part->as<chat::Media>();
        const std::string url = media.data.decode();
        const auto found = call.media.find(url);
        before_.emplace_back(part, part->body);
        if (found != call.media.end() && found->second && found->second->problem.empty()) {
            put(*part, *found->second);
            continue;
        }
        const bool asked = found != call.media.end() && found->second;
        const std::string problem =
            asked ? found->second->problem : "one request may bring twenty files by URL";
        losses.push_back({"media", host_of(url), "not loaded for this provider: " + problem});
        part->body = chat::Prose{note_of(media, problem, call.conversation.arena)};
    }
}

MediaInPlace::~MediaInPlace() {
    for (auto& [part, body] : before_) part->body = std::move(body);
}

}  // namespace ccr::gateway
