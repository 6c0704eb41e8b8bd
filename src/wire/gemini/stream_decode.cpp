// Streams of GenerateContentResponse chunks (`alt=sse`). The end is the chunk with a finishReason;
// there is no marker behind it.
#include <fmt/format.h>

#include "wire/gemini/names.h"
#include "wire/gemini/provider_side.h"
#include "wire/gemini/response_reader.h"

namespace ccr::wire::gemini {
namespace {

using json::View;

class Decoder final : public StreamDecoder {
  public:
    explicit Decoder(const Target& target)
        : provider_(target.provider), model_(target.model), reader_(provider_) {}

    void feed(const net::SseMessage& message, chat::Events& out) override;
    void finish(chat::Events& out) override;
    bool complete() const override { return ended_ || reader_.has_finish(); }

  private:
    void on_chunk(View chunk, chat::Events& out);
    void start(View chunk, chat::Events& out);
    void end(chat::Events& out);
    void break_off(Error error, chat::Events& out);
    Error broken(std::string_view why) const;
    Target target() const { return {provider_, model_, {}, {}, true}; }

    std::string provider_, model_;
    json::Document document_;
    ResponseReader reader_;
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
    if (ended_ || message.data.empty()) return;
    if (message.data == "[DONE]") return;  // of servers that are not Google's
    const auto root = document_.parse(message.data);
    if (!root || !root->is_object()) {
        // What follows the end are figures that can be done without.
        if (reader_.has_finish()) return end(out);
        return break_off(broken("The stream holds something that is no JSON"), out);
    }
    on_chunk(*root, out);
}

void Decoder::on_chunk(View chunk, chat::Events& out) {
    if (const View error = chunk["error"]; error.is_object() || error.is_string())
        return break_off(decode_error_object(error, 502, target()), out);
    start(chunk, out);
    reader_.read(chunk, out);
    if (!reader_.failure().empty())
        break_off(failed_finish(reader_.failure(), reader_.failure_message(), target()), out);
}

void Decoder::start(View chunk, chat::Events& out) {
    if (started_) return;
    started_ = true;
    out.emplace_back(
        chat::Started{field(chunk, "responseId").text(), field(chunk, "modelVersion").text(), {}});
}

void Decoder::end(chat::Events& out) {
    ended_ = true;
    const chat::Finished finished = reader_.finish(out);
    out.emplace_back(finished);
}

void Decoder::finish(chat::Events& out) {
    if (ended_) return;
    if (reader_.has_finish()) return end(out);
    break_off(broken("The stream ended without finishReason"), out);
}

}  // namespace

std::unique_ptr<StreamDecoder> open_decoder(const Target& target) {
    return std::make_unique<Decoder>(target);
}

}  // namespace ccr::wire::gemini
