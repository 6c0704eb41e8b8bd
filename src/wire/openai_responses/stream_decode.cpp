// Streams (docs: API reference, Responses, "Streaming events").
#include <fmt/format.h>

#include "wire/openai_error.h"
#include "wire/openai_responses/output_reader.h"
#include "wire/openai_responses/provider_side.h"
#include "wire/openai_responses/response_error.h"
#include "wire/openai_responses/response_figures.h"

namespace ccr::wire::openai_responses {
namespace {

using json::View;

class Decoder final : public StreamDecoder {
  public:
    explicit Decoder(const Target& target)
        : provider_(target.provider), model_(target.model), output_(provider_) {}

    void feed(const net::SseMessage& message, chat::Events& out) override;
    void finish(chat::Events& out) override;
    bool complete() const override { return ended_; }

  private:
    void on_event(std::string_view type, View event, chat::Events& out);
    void start(View response, chat::Events& out);
    void end(View response, chat::Events& out);
    void break_off(Error error, chat::Events& out);
    Error broken(std::string_view why) const;
    Target target() const { return {provider_, model_, {}, {}, true}; }

    std::string provider_, model_;
    json::Document document_;
    OutputReader output_;
    bool started_ = false, ended_ = false;
};

Error Decoder::broken(std::string_view why) const {
    return make_error(ErrorKind::upstream_protocol,
                      fmt::format("{} (provider {}, model {})", why, provider_, model_));
}

void Decoder::break_off(Error error, chat::Events& out) {
    ended_ = true;
    out.emplace_back(chat::Failed{std::move(error)});
}

void Decoder::feed(const net::SseMessage& message, chat::Events& out) {
    // The protocol has no [DONE]; servers that also speak Chat send it none the less.
    if (ended_ || message.data.empty() || message.data == "[DONE]") return;
    const auto root = document_.parse(message.data);
    if (!root || !root->is_object())
        return break_off(broken("The stream holds something that is no JSON"), out);
    const json::Text named = (*root)["type"].text();
    const std::string type = named.empty() ? std::string(message.event) : named.decode();
    on_event(type, *root, out);
}

void Decoder::on_event(std::string_view type, View event, chat::Events& out) {
    static constexpr std::string_view kPrefix = "response.";
    const View response = event["response"];
    if (type == "error" || (type.empty() && openai_error_in(event)))
        return break_off(error_of_event(event, target()), out);
    if (type == "response.failed" || type == "response.cancelled")
        return break_off(error_of_response(response, target()), out);
    if (!type.starts_with(kPrefix)) return;
    start(response, out);
    if (type == "response.completed" || type == "response.incomplete" || type == "response.done")
        return end(response, out);
    output_.read(type.substr(kPrefix.size()), event, out);
}

void Decoder::start(View response, chat::Events& out) {
    if (started_) return;
    started_ = true;
    out.emplace_back(chat::Started{response["id"].text(), response["model"].text(), {}});
}

void Decoder::end(View response, chat::Events& out) {
    if (is_failure(response)) return break_off(error_of_response(response, target()), out);
    ended_ = true;
    output_.read_output(response["output"], out);
    if (const View usage = response["usage"]; usage.is_object())
        out.emplace_back(chat::UsageReport{decode_usage(usage)});
    const chat::Finished finished = output_.finish(stop_reason_of(response), out);
    out.emplace_back(finished);
}

void Decoder::finish(chat::Events& out) {
    if (!ended_)
        break_off(broken("The stream ended without response.completed or another end"), out);
}

}  // namespace

std::unique_ptr<StreamDecoder> open_decoder(const Target& target) {
    return std::make_unique<Decoder>(target);
}

}  // namespace ccr::wire::openai_responses
