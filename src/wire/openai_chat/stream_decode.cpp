// chat.completion.chunk streams (docs: API reference, "The chat completion chunk object").
#include <fmt/format.h>

#include "wire/openai_chat/choice_reader.h"
#include "wire/openai_chat/provider_side.h"
#include "wire/openai_error.h"
#include "wire/repeated_delta.h"

namespace ccr::wire::openai_chat {
namespace {

using json::View;

class Decoder final : public StreamDecoder {
  public:
    explicit Decoder(const Target& target)
        : provider_(target.provider), model_(target.model), choice_(provider_) {}

    void feed(const net::SseMessage& message, chat::Events& out) override;
    void finish(chat::Events& out) override;
    bool complete() const override { return ended_ || choice_.has_finish(); }

  private:
    void on_chunk(View chunk, chat::Events& out);
    bool is_plain(View chunk) const;
    void on_choice(View choice, chat::Events& out);
    void start(View chunk, chat::Events& out);
    void end(chat::Events& out);
    void break_off(Error error, chat::Events& out);
    Error broken(std::string_view why) const;
    Target target() const { return {provider_, model_, {}, {}, true}; }

    std::string provider_, model_;
    json::Document document_;
    RepeatedDelta repeated_;
    ChoiceReader choice_;
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
    if (message.data == "[DONE]") {
        // Only an answer that has begun can be done.
        if (!started_) return break_off(broken("The stream is marked done before it began"), out);
        return end(out);
    }
    if (repeated_.read(message.data, out)) return;
    repeated_.forget();
    const auto root = document_.parse(message.data);
    if (!root || !root->is_object()) {
        // A connection may be cut within what follows the end of the answer: figures that can be
        // done without.
        if (choice_.has_finish()) return end(out);
        return break_off(broken("The stream holds something that is no JSON"), out);
    }
    const std::size_t before = out.size();
    on_chunk(*root, out);
    if (out.size() == before + 1 && is_plain(*root)) repeated_.learn(message.data, out);
}

// Whether a chunk that came to one delta has left nothing behind but that: calls count their
// brackets, details gather, and what follows the finish is another matter.
bool Decoder::is_plain(View chunk) const {
    if (ended_ || choice_.has_finish()) return false;
    for (const View choice : chunk["choices"].elements()) {
        const View delta = choice["delta"];
        return !delta["tool_calls"] && !delta["function_call"] && !delta["reasoning_details"];
    }
    return false;
}

void Decoder::on_chunk(View chunk, chat::Events& out) {
    if (const View error = openai_error_in(chunk)) {
        return break_off(decode_openai_error_object(error, 502, target()), out);
    }
    start(chunk, out);
    choice_.read_found(chunk);
    for (const View choice : chunk["choices"].elements()) {
        on_choice(choice, out);
        if (ended_) return;
        break;  // one answer was asked for
    }
    if (const View usage = chunk["usage"]; usage.is_object())
        out.emplace_back(chat::UsageReport{decode_usage(usage)});
}

void Decoder::on_choice(View choice, chat::Events& out) {
    if (const View error = openai_error_in(choice)) {
        return break_off(decode_openai_error_object(error, 502, target()), out);
    }
    const View delta = choice["delta"];
    choice_.read(delta.is_object() ? delta : choice["message"],
                 out);  // some send the last chunk as a message
    choice_.read_finish(choice);
    if (!choice_.failure().empty())
        return break_off(failed_finish(choice_.failure(), target()), out);
    if (const View usage = choice["usage"]; usage.is_object()) {  // Moonshot's place for it
        out.emplace_back(chat::UsageReport{decode_usage(usage)});
    }
}

void Decoder::start(View chunk, chat::Events& out) {
    if (started_) return;
    started_ = true;
    out.emplace_back(chat::Started{chunk["id"].text(), chunk["model"].text(), {}});
}

void Decoder::end(chat::Events& out) {
    ended_ = true;
    const chat::Finished finished = choice_.finish(out);
    out.emplace_back(finished);
}

void Decoder::finish(chat::Events& out) {
    if (ended_) return;
    if (choice_.has_finish()) return end(out);
    break_off(broken("The stream ended without finish_reason and without [DONE]"), out);
}

}  // namespace

std::unique_ptr<StreamDecoder> open_decoder(const Target& target) {
    return std::make_unique<Decoder>(target);
}

}  // namespace ccr::wire::openai_chat
