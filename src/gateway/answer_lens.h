// AnswerLens: one answer on its way through the user's scripts, where the provider speaks another
// protocol than Chat - shown to them as Chat's, and read back.
//
// One thread. ViewedResponse shows, what the scripts made of it is read by the relay; both hold it,
// as either may end first.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/http_client.h"
#include "plugin/stream_view.h"
#include "wire/codec.h"

namespace ccr::gateway {

class AnswerLens {
  public:
    /// `plugins`: the scripts' names, for errors.
    AnswerLens(const wire::Codec& codec, const wire::Target& target, std::string id,
               std::string_view plugins);

    /// A whole answer of the provider's, as scripts see it. Error: what is wrong with it.
    Result<std::string> shown(std::string_view body);
    /// For a stream's events.
    plugin::StreamView& stream() { return *stream_; }
    std::unique_ptr<wire::StreamDecoder> open_providers_decoder() const;
    bool asked_for_stream() const { return target_.stream; }

    /// What the scripts made of it.
    Result<chat::Reply> decode_reply(std::string_view body);
    std::unique_ptr<wire::StreamDecoder> open_decoder() const;

  private:
    const wire::Codec& codec_;
    std::string provider_, model_, id_;
    wire::Target target_;  // views the strings above
    std::shared_ptr<plugin::StreamView> stream_;
    std::optional<chat::Reply> reply_;
    std::string view_;  // of the reply
};

/// A provider's answer as scripts see it. An answer that is no 2xx passes as it is.
class ViewedResponse final : public net::ClientResponse {
  public:
    ViewedResponse(std::unique_ptr<net::ClientResponse> from, std::shared_ptr<AnswerLens> lens)
        : from_(std::move(from)), lens_(std::move(lens)) {}

    net::Task<Result<int>> status(net::Deadline deadline) override;
    const net::Headers& headers() const override;
    net::Task<Result<std::string_view>> next(net::Deadline deadline) override;
    void abort() override { from_->abort(); }
    net::Clock::time_point last_byte() const override { return from_->last_byte(); }

  private:
    void begin();
    void show_events();
    Result<void> take(std::string_view bytes);

    std::unique_ptr<net::ClientResponse> from_;
    std::shared_ptr<AnswerLens> lens_;
    bool shows_ = false;  // a 2xx
    bool ended_ = false;
    net::Headers headers_;
    std::unique_ptr<net::MessageParser> parser_;  // of a stream; null: a whole answer
    std::unique_ptr<wire::StreamDecoder> decoder_;
    chat::Events events_;
    std::string bytes_;  // to be shown; of a whole answer first the provider's
};

}  // namespace ccr::gateway
