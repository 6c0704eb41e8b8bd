// BedrockStream: the chunks of InvokeModelWithResponseStream as the server-sent events that they
// hold, so that the protocol's own decoder reads them and a client of it gets proper ones.
//
// A plain object, one stream, one thread.
#pragma once

#include <string>

#include "json/document.h"
#include "net/aws_event_stream.h"
#include "net/message_parser.h"

namespace ccr::cloud {

class BedrockStream final : public net::MessageParser {
  public:
    bool feed(std::string_view bytes, const Sink& sink) override;
    /// Nothing can follow: a message cut short is no message.
    void finish(const Sink&) override {}
    std::string_view problem() const override;

  private:
    void on_message(const net::AwsMessage& message, const Sink& sink);
    void on_chunk(std::string_view payload, const Sink& sink);
    void on_failure(std::string_view type, std::string_view payload, const Sink& sink);
    void deliver(std::string_view event, std::string_view data, const Sink& sink);

    net::AwsEventStream frames_;
    json::Document payload_, event_;
    std::string raw_;
    std::string_view problem_;
};

/// The Messages name of one of Bedrock's exceptions, "throttlingException" or
/// "ThrottlingException".
std::string_view error_type_of(std::string_view exception);

}  // namespace ccr::cloud
