#include "gateway/answer_lens.h"

#include <fmt/format.h>

#include "gateway/stream_parser.h"
#include "plugin/openai_edit.h"

namespace ccr::gateway {
namespace {

constexpr std::size_t kWholeAnswerLimit = 64u << 20;

bool is_of_the_body(const std::string& name) {
    return net::iequals(name, "content-type") || net::iequals(name, "content-length") ||
           net::iequals(name, "content-encoding");
}

}  // namespace

AnswerLens::AnswerLens(const wire::Codec& codec, const wire::Target& target, std::string id,
                       std::string_view plugins)
    : codec_(codec),
      provider_(target.provider),
      model_(target.model),
      id_(std::move(id)),
      target_{provider_, model_, {}, {}, target.stream},
      stream_(std::make_shared<plugin::StreamView>(id_, model_, plugins)) {}

Result<std::string> AnswerLens::shown(std::string_view body) {
    TRY(reply_, codec_.decode_reply(body, target_));
    view_ = plugin::view_of(*reply_, id_, model_);
    return view_;
}

std::unique_ptr<wire::StreamDecoder> AnswerLens::open_providers_decoder() const {
    return codec_.open_decoder(target_);
}

Result<chat::Reply> AnswerLens::decode_reply(std::string_view body) {
    if (reply_)
        return plugin::edited_reply(*std::exchange(reply_, std::nullopt), view_, body, provider_,
                                    model_);
    return wire::codec_of(Protocol::openai_chat)->decode_reply(body, target_);
}

std::unique_ptr<wire::StreamDecoder> AnswerLens::open_decoder() const {
    return plugin::open_decoder(stream_, target_);
}

net::Task<Result<int>> ViewedResponse::status(net::Deadline deadline) {
    CO_TRY(const int status, co_await from_->status(deadline));
    if (!shows_ && status >= 200 && status < 300) begin();
    co_return status;
}

const net::Headers& ViewedResponse::headers() const {
    return shows_ ? headers_ : from_->headers();
}

void ViewedResponse::begin() {
    shows_ = true;
    for (const auto& [name, value] : from_->headers()) {
        if (!is_of_the_body(name)) headers_.add(name, value);
    }
    if (is_event_stream(from_->headers(), lens_->asked_for_stream())) {
        parser_ = parser_of(from_->headers().get("content-type").value_or(""));
        decoder_ = lens_->open_providers_decoder();
    }
    headers_.add("content-type", parser_ ? "text/event-stream" : "application/json");
}

void ViewedResponse::show_events() {
    for (const chat::StreamEvent& event : events_) lens_->stream().show(event, bytes_);
    events_.clear();
}

// Some of the body; at its end nothing.
Result<void> ViewedResponse::take(std::string_view bytes) {
    const auto on_message = [this](const net::SseMessage& message) {
        decoder_->feed(message, events_);
        show_events();
    };
    ended_ = bytes.empty();
    if (parser_ && !ended_) {
        if (!parser_->feed(bytes, on_message))
            return fail(ErrorKind::upstream_protocol,
                        fmt::format("The upstream {}.", parser_->problem()));
    } else if (parser_) {
        parser_->finish(on_message);
        decoder_->finish(events_);
        show_events();
    } else if (!ended_) {
        bytes_ += bytes;
        if (bytes_.size() > kWholeAnswerLimit)
            return fail(ErrorKind::upstream_protocol,
                        "The upstream sent more than 64 MB for one answer.");
    } else {
        TRY(bytes_, lens_->shown(bytes_));
    }
    if (lens_->stream().is_full()) return std::unexpected(*lens_->stream().failure());
    return {};
}

net::Task<Result<std::string_view>> ViewedResponse::next(net::Deadline deadline) {
    if (!shows_) co_return co_await from_->next(deadline);
    if (parser_) bytes_.clear();
    while (!ended_) {
        CO_TRY(const std::string_view bytes, co_await from_->next(deadline));
        CO_TRY_DO(take(bytes));
        if (!bytes_.empty() && (parser_ || ended_)) co_return std::string_view(bytes_);
    }
    co_return std::string_view();
}

}  // namespace ccr::gateway
