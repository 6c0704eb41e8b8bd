#include "gateway/client_stream.h"

#include "gateway/answer.h"

namespace ccr::gateway {
namespace {

constexpr std::chrono::seconds kProofInterval{1};  // how often a silent upstream is looked at again

net::Headers stream_headers(Protocol client, const std::string& request_id) {
    net::Headers headers;
    headers.add("content-type", "text/event-stream; charset=utf-8");
    headers.add("cache-control", "no-cache");
    headers.add("x-accel-buffering", "no");
    headers.add(std::string(request_id_header(client)), request_id);
    return headers;
}

}  // namespace

ClientStream::ClientStream(net::Exchange& exchange, const wire::Codec& client,
                           const wire::AnswerContext& context, const Pace& pace)
    : exchange_(exchange),
      pace_(pace),
      protocol_(client.protocol),
      request_id_(context.request_id),
      encoder_(client.open_encoder(context)),
      next_heartbeat_(net::Clock::now() + pace.open_after) {}

net::Headers ClientStream::head() const {
    net::Headers headers = stream_headers(protocol_, request_id_);
    if (reasons_) reasons_->add_to(headers);
    return headers;
}

void ClientStream::deliver(const chat::StreamEvent& event, std::string& out) {
    // Providers repeat their ids, and clients take answers with one id for pieces of one.
    chat::StreamEvent ours;
    const auto* started = std::get_if<chat::Started>(&event);
    if (started) ours = chat::Started{{}, started->model, started->usage};
    const chat::StreamEvent& told = started ? ours : event;
    if (continuation_) return continuation_->pass(told, *encoder_, out);
    encoder_->feed(told, out);
}

net::Task<Result<void>> ClientStream::write(std::string_view bytes) {
    next_heartbeat_ = net::Clock::now() + pace_.ping_after;
    if (exchange_.opened()) co_return co_await exchange_.write(bytes);
    net::Headers headers = head();
    co_return co_await exchange_.open(200, std::move(headers), bytes);
}

net::Task<Result<void>> ClientStream::heartbeat(net::Clock::time_point upstream_last_byte) {
    const auto now = net::Clock::now();
    std::string bytes;
    if (!started_) {
        encoder_->feed(chat::Started{}, bytes);
        started_ = true;
    } else if (now - upstream_last_byte > pace_.ping_after) {
        // A ping would tell the client that somebody is working on its answer, which nobody knows.
        next_heartbeat_ = now + kProofInterval;
        co_return Result<void>();
    }
    encoder_->feed(chat::Ping{}, bytes);
    co_return co_await write(bytes);
}

net::Task<Result<void>> ClientStream::finish(std::string_view last) {
    if (exchange_.opened()) co_return co_await exchange_.finish(last);
    net::Headers headers = head();
    co_return co_await exchange_.send_chunked(200, std::move(headers), last);
}

net::Task<Result<void>> ClientStream::fail(Error error) {
    std::string bytes;
    chat::Failed failed{std::move(error)};
    encoder_->feed(failed, bytes);
    co_return co_await finish(bytes);
}

}  // namespace ccr::gateway
